//! A generated network that is filled by the formula, what its observer sees, and all of that against PyTorch.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use googlenetc::layout::{self, Key};
use googlenetc::ops::{Rates, Variable};
use googlenetc_dsl::render;
use googlenetc_dsl::source::Sources;
use googlenetc_runtime::device::place;
use googlenetc_runtime::network::{Heads, Mode, Network, Probe};
use googlenetc_runtime::tch::nn::VarStore;
use googlenetc_runtime::tch::{Device, Kind, Tensor, no_grad};
use googlenetc_runtime::{train, variables};
use serde_json::Value;

use super::comparison::{Comparison, What, relative};
use super::modules::Modules;
use super::{fill, list, number, sizes, word};

/// A generated network with its variables, and what they are filled with.
pub(crate) struct Filled<N> {
    store: VarStore,
    network: N,
    x: Tensor,
    /// What PyTorch calls our variables, in the order of its state dict.
    pub(crate) keys: Vec<Key>,
    /// For each key the variable and its filling in double precision; none for counters.
    tensors: Vec<Option<(Tensor, Tensor)>>,
}

/// What one forward pass gave.
pub(crate) struct Pass<N: Network> {
    pub(crate) output: N::Output,
    seen: BTreeMap<String, Seen>,
}

/// An output as the observer sees it: its shape without the batch, and its mean, standard deviation and largest absolute value.
struct Seen {
    shape: Vec<i64>,
    statistics: [f64; 3],
}

/// The value of a tensor without dimensions.
fn value(tensor: &Tensor) -> f64 {
    tensor.double_value(&[])
}

/// The keys of the variables that a generated module has registered, in the order of the layout.
fn keys(store: &VarStore, layout: &str) -> Vec<Key> {
    let unsigned = |size: i64| u64::try_from(size).expect("a size is positive");
    let variables: Vec<Variable> = variables::in_order(store)
        .into_iter()
        .map(|(name, tensor)| Variable {
            name,
            shape: tensor.size().into_iter().map(unsigned).collect(),
            trainable: tensor.requires_grad(),
            rates: Rates::default(),
        })
        .collect();
    let text = googlenetc_specs::layout(layout).expect("the layout is embedded").text;
    let mut sources = Sources::new();
    let id = sources.add(layout, text);
    let (layout, found) = layout::read(&sources, id);
    let keys = layout.map_or(Err(found), |layout| layout.keys(&variables));
    keys.map_err(|found| render::render(&found, &sources, false)).expect("the layout fits")
}

impl<N: Network> Filled<N> {
    /// A new network on a device, in single precision.
    pub(crate) fn new(layout: &str, device: Device) -> Self {
        let mut store = VarStore::new(Device::Cpu);
        let network = N::new(&store.root());
        let keys = keys(&store, layout);
        let registered = store.variables();
        let tensor = |(k, key): (usize, &Key)| {
            let variable = registered.get(key.variable.as_ref()?)?.shallow_clone();
            Some((variable, fill::parameter(&keys, k)))
        };
        let tensors = keys.iter().enumerate().map(tensor).collect();
        place(&mut store, device).expect("the network fits into the device");
        let mut filled = Self { store, network, x: fill::input(N::INPUT), keys, tensors };
        filled.reset(Kind::Float);
        filled
    }

    /// Another network with variables of the same names, filled alike.
    pub(crate) fn like<O: Network>(other: &Filled<O>) -> Self {
        let store = VarStore::new(Device::Cpu);
        let network = N::new(&store.root());
        let mut registered = store.variables();
        let tensor = |(key, filling): (&Key, &Option<(Tensor, Tensor)>)| {
            let variable = registered.remove(key.variable.as_ref()?).expect("both have a variable of this name");
            Some((variable, filling.as_ref()?.1.shallow_clone()))
        };
        let tensors = other.keys.iter().zip(&other.tensors).map(tensor).collect();
        assert!(registered.is_empty(), "only one has {:?}", registered.keys());
        let mut filled = Self { store, network, x: other.x.shallow_clone(), keys: other.keys.clone(), tensors };
        filled.reset(Kind::Float);
        filled
    }

    /// Fills the variables, in a precision, and forgets gradients. As the latter keep the precision that they have, single
    /// precision comes first.
    pub(crate) fn reset(&mut self, kind: Kind) {
        self.store.set_kind(kind);
        no_grad(|| {
            for (variable, filling) in self.tensors.iter_mut().flatten() {
                variable.copy_(filling);
                variable.zero_grad();
            }
        });
    }

    /// Runs the network on the reference's input while nobody looks.
    pub(crate) fn silent_pass(&self, mode: Mode) -> Pass<N> {
        let x = self.x.to_kind(self.store.kind()).to_device(self.store.device());
        Pass { output: self.network.forward(&x, mode, &Probe::silent()), seen: BTreeMap::new() }
    }

    /// Runs the network on the reference's input, and keeps what its observer sees.
    pub(crate) fn pass(&self, mode: Mode) -> Pass<N> {
        let x = self.x.to_kind(self.store.kind()).to_device(self.store.device());
        let seen = RefCell::new(BTreeMap::new());
        let observer = |path: &str, output: &Tensor| {
            let output = output.detach();
            let statistics = [output.mean(None), output.std(false), output.abs().max()].map(|tensor| value(&tensor));
            let twice =
                seen.borrow_mut().insert(path.to_owned(), Seen { shape: output.size()[1..].to_vec(), statistics });
            assert!(twice.is_none(), "`{path}` is seen once");
        };
        let output = self.network.forward(&x, mode, &Probe::new(&observer));
        Pass { output, seen: seen.into_inner() }
    }

    /// Its variables and counters under PyTorch's names, with their shapes: `conv1.weight 64x3x7x7`.
    pub(crate) fn state(&self) -> Vec<String> {
        let line = |key: &Key| {
            let sizes: Vec<String> = key.shape.iter().map(u64::to_string).collect();
            format!("{} {}", key.key, sizes.join("x")).trim_end().to_owned()
        };
        self.keys.iter().map(line).collect()
    }

    /// What the variables hold: the sum of all numbers, and of their absolute values.
    pub(crate) fn sums(&self) -> [f64; 2] {
        let tensors = self.tensors.iter().flatten().map(|(variable, _)| variable.detach().to_kind(Kind::Double));
        tensors.fold([0.0, 0.0], |[sum, absolute], tensor| {
            [sum + value(&tensor.sum(None)), absolute + value(&tensor.abs().sum(None))]
        })
    }

    /// The variable that PyTorch calls so.
    fn variable(&self, key: &str) -> Option<&Tensor> {
        let place = self.keys.iter().position(|known| known.key == key)?;
        self.tensors[place].as_ref().map(|(variable, _)| variable)
    }

    /// The losses, as training computes them, and the gradient of every parameter.
    pub(crate) fn compare_learning(&self, pass: &Pass<N>, truth: &Value, comparison: &mut Comparison) {
        let Some(loss) = pass.compare_losses(truth, comparison, relative) else { return };
        loss.backward();
        let rows = list(&truth["loss"]["grads"]);
        for row in rows {
            let (key, numbers) = (word(&row[0]), [&row[1], &row[2], &row[3]].map(number));
            let Some(gradient) = self.variable(key).map(Tensor::grad).filter(Tensor::defined) else {
                comparison.wrong(format!("`{key}` has no gradient"));
                continue;
            };
            let [norm, sum, first] = numbers;
            let scale = norm.abs().max(1.0);
            let ours = [gradient.norm(), gradient.sum(None), gradient.view(-1).get(0)].map(|tensor| value(&tensor));
            let numbers = [(ours[0], norm, scale), (ours[1], sum, scale), (ours[2], first, scale)];
            comparison.thing(What::Gradients, key, &numbers);
        }
        if rows.len() != self.store.trainable_variables().len() {
            comparison.wrong("some parameters have no gradient in the reference".into());
        }
    }

    /// The running statistics of every batch normalisation.
    pub(crate) fn compare_running_statistics(&self, truth: &Value, comparison: &mut Comparison) {
        for row in list(&truth["bn_after"]) {
            let scope = word(&row[0]);
            let sum = |name: &str| {
                self.variable(&format!("{scope}.{name}")).map_or(f64::NAN, |tensor| value(&tensor.sum(None)))
            };
            let numbers =
                [relative(sum("running_mean"), number(&row[1])), relative(sum("running_var"), number(&row[2]))];
            comparison.thing(What::RunningStatistics, scope, &numbers);
        }
    }
}

impl<N: Network> Pass<N> {
    /// The statistics of every call of a module, with the value that our observer sees in its place.
    pub(crate) fn compare_modules(&self, modules: &Modules, truth: &Value, comparison: &mut Comparison) {
        let rows = list(&truth["modules"]);
        let calls: Vec<&str> = rows.iter().map(|row| word(&row[0])).collect();
        let seen: BTreeSet<&str> = self.seen.keys().map(String::as_str).collect();
        for (row, path) in rows.iter().zip(modules.paths(&calls, &seen)) {
            let module = word(&row[0]);
            let Some((path, seen)) = path.and_then(|path| self.seen.get_key_value(&path)) else {
                comparison.wrong(format!("nothing is seen in the place of the module `{module}`"));
                continue;
            };
            if seen.shape != sizes(&row[1]) {
                comparison.wrong(format!("the shape of `{path}` is {:?}, of `{module}` {}", seen.shape, row[1]));
            }
            let [mean, deviation, largest] = seen.statistics;
            let numbers = [(mean, &row[2]), (deviation, &row[3]), (largest, &row[4])]
                .map(|(ours, row)| relative(ours, number(row)));
            comparison.thing(What::Modules, module, &numbers);
        }
    }

    /// The logits of every head and sample: the first sixteen, and where the largest is; `scaled` says to what the tolerance
    /// is relative. In double precision the sums over all logits too.
    pub(crate) fn compare_logits(
        &self,
        modules: &Modules,
        truth: &Value,
        comparison: &mut Comparison,
        scaled: impl Fn(f64, f64) -> (f64, f64, f64),
    ) {
        let heads: Vec<&String> = modules.heads.iter().filter(|head| truth["heads"].get(head).is_some()).collect();
        let logits: Vec<&Tensor> = self.output.logits().into_iter().flatten().collect();
        if heads.len() != logits.len() || heads.len() != truth["heads"].as_object().map_or(0, serde_json::Map::len) {
            comparison.wrong(format!("{} heads gave logits, PyTorch's are {heads:?}", logits.len()));
        }
        for (head, logits) in heads.into_iter().zip(logits) {
            for (sample, theirs) in (0..).zip(list(&truth["heads"][head])) {
                let logits = logits.detach().get(sample);
                let first = list(&theirs["first16"]).iter().map(number);
                let mut numbers: Vec<_> =
                    (0..).zip(first).map(|(class, theirs)| scaled(logits.double_value(&[class]), theirs)).collect();
                if logits.kind() == Kind::Double {
                    numbers.push(relative(value(&logits.sum(None)), number(&theirs["sum"])));
                    numbers.push(relative(value(&logits.abs().sum(None)), number(&theirs["abs_sum"])));
                }
                let place = format!("{head}, sample {sample}");
                comparison.thing(What::Logits, &place, &numbers);
                let (ours, theirs) = (logits.argmax(None, false).int64_value(&[]), &theirs["argmax"]);
                if theirs.as_i64() != Some(ours) {
                    comparison.wrong(format!("the largest logit of `{place}` is {ours}, PyTorch's {theirs}"));
                }
            }
        }
    }

    /// The loss of each head and their weighted sum, which is returned. `scaled` says to what the tolerance is relative.
    pub(crate) fn compare_losses(
        &self,
        truth: &Value,
        comparison: &mut Comparison,
        scaled: impl Fn(f64, f64) -> (f64, f64, f64),
    ) -> Option<Tensor> {
        let logits = self.output.logits();
        let device = logits.iter().flatten().next().map_or(Device::Cpu, |logits| logits.device());
        let loss = train::loss::<N>(&logits, &fill::labels(N::CLASSES).to_device(device), 0.0);
        let loss = loss.map_err(|error| comparison.wrong(error.to_string())).ok()?;
        let parts = list(&truth["loss"]["parts"]);
        if loss.heads.len() != parts.len() {
            comparison.wrong(format!("{} heads have a loss, PyTorch's are {}", loss.heads.len(), parts.len()));
        }
        for ((head, loss), theirs) in N::HEADS.iter().zip(&loss.heads).zip(parts) {
            let ours = loss.as_ref().map_or(f64::NAN, value);
            comparison.thing(What::Losses, head.name, &[scaled(ours, number(theirs))]);
        }
        comparison.thing(What::Losses, "total", &[scaled(value(&loss.total), number(&truth["loss"]["total"]))]);
        Some(loss.total)
    }
}
