//! Steps of optimizers, and optimizers that stop and go on.

use crate::{difference, numbers, read, rows, values};
use googlenetc_runtime::network::Rates;
use googlenetc_runtime::tch::nn::{Init, VarStore};
use googlenetc_runtime::tch::{Device, Kind, Tensor, no_grad};
use googlenetc_runtime::train::{Optimizer, OptimizerConfig, Parameter, Stages, parameters};
use serde_json::Value;
use std::collections::BTreeMap;

const NAMES: [&str; 3] = ["a", "b", "c"];
const SHAPES: [&[i64]; 3] = [&[3, 4], &[5], &[2, 2, 3, 3]];
/// Factors of rate and decay.
const RATES: [Rates; 3] = [Rates { lr: 1.0, decay: 1.0 }, Rates { lr: 2.0, decay: 0.0 }, Rates { lr: 0.1, decay: 3.0 }];

/// The three variables of the truth, and their optimizer.
struct Setup {
    store: VarStore,
    variables: Vec<Tensor>,
    optimizer: Optimizer,
}

impl Setup {
    fn new(config: &OptimizerConfig, weight_decay: f64, kind: Kind) -> Self {
        let mut store = VarStore::new(Device::Cpu);
        let variables: Vec<Tensor> = NAMES
            .iter()
            .zip(SHAPES)
            .enumerate()
            .map(|(group, (name, shape))| store.root().set_group(group).var(name, shape, Init::Const(0.0)))
            .collect();
        store.set_kind(kind);
        for ((k, variable), shape) in (0..).zip(&variables).zip(SHAPES) {
            no_grad(|| variable.shallow_clone().copy_(&values(k, shape, 1.0, kind)));
        }
        let optimizer = optimizer(&store, config, weight_decay);
        Self { store, variables, optimizer }
    }

    /// Step number `step`, from 0, against the truth's gradients.
    fn step(&mut self, step: i64) {
        self.optimizer.zero_grad();
        for ((k, variable), shape) in (0..).zip(&self.variables).zip(SHAPES) {
            let gradient = values(10 * (step + 1) + k, shape, 0.5, variable.kind());
            (variable * gradient).sum(None).backward();
        }
        #[expect(clippy::cast_precision_loss, reason = "steps are few")]
        self.optimizer.step(0.1 + 0.02 * step as f64);
    }

    fn difference(&self, theirs: &Value) -> f64 {
        let differences =
            self.variables.iter().enumerate().map(|(k, v)| difference(&numbers(v), &read::<Vec<f64>>(&theirs[k])));
        differences.fold(0.0, f64::max)
    }
}

fn optimizer(store: &VarStore, config: &OptimizerConfig, weight_decay: f64) -> Optimizer {
    let parameters: Vec<Parameter> = parameters(store, &RATES, &Stages::new()).unwrap();
    assert_eq!(parameters.iter().map(|parameter| parameter.name.as_str()).collect::<Vec<_>>(), NAMES);
    Optimizer::new(config, weight_decay, store, parameters).unwrap()
}

#[test]
fn steps_are_pytorchs() {
    let rows = rows("optimizers");
    assert_eq!(rows.len(), 26);
    for row in rows {
        // What float32 rounds differs from processor to processor, as libtorch fuses multiplications with additions on some, and adds
        // up from step to step. That the formula is right is what doubles show.
        let rounding = f64::from(f32::EPSILON);
        let (kind, tolerances) = if row["double"] == true {
            (Kind::Double, [1e-12, 1e-12])
        } else {
            (Kind::Float, [4.0 * rounding, 16.0 * rounding])
        };
        let mut setup = Setup::new(&read(&row["optimizer"]), read(&row["weight_decay"]), kind);
        let mut differences = Vec::new();
        for step in 0..5 {
            setup.step(step);
            match step {
                0 => differences.push(setup.difference(&row["first"])),
                4 => differences.push(setup.difference(&row["fifth"])),
                _ => {}
            }
        }
        println!("{} {kind:?} {differences:?}", row["optimizer"]);
        let near = differences.iter().zip(tolerances).all(|(difference, tolerance)| *difference < tolerance);
        assert!(near && differences.len() == 2, "{} {differences:?}", row["optimizer"]);
    }
}

#[test]
fn an_optimizer_goes_on_where_another_stopped() {
    for row in rows("optimizers") {
        let (config, decay) = (read(&row["optimizer"]), read(&row["weight_decay"]));
        let mut setup = Setup::new(&config, decay, Kind::Float);
        (0..3).for_each(|step| setup.step(step));
        let state: BTreeMap<String, Tensor> =
            setup.optimizer.state().into_iter().map(|(name, tensor)| (name, tensor.copy())).collect();
        let middle: Vec<Tensor> = setup.variables.iter().map(|variable| variable.detach().copy()).collect();
        (3..5).for_each(|step| setup.step(step));
        let end: Vec<Vec<f64>> = setup.variables.iter().map(numbers).collect();

        for (variable, middle) in setup.variables.iter_mut().zip(&middle) {
            no_grad(|| variable.copy_(middle));
        }
        setup.optimizer = optimizer(&setup.store, &config, decay);
        setup.optimizer.load_state(&state).unwrap();
        (3..5).for_each(|step| setup.step(step));
        assert_eq!(setup.variables.iter().map(numbers).collect::<Vec<_>>(), end, "{config:?}");
    }
}

#[test]
fn a_state_that_does_not_fit_is_refused_whole() {
    let adam: OptimizerConfig = serde_json::from_str(r#""adam""#).unwrap();
    let sgd: OptimizerConfig = serde_json::from_str(r#""sgd""#).unwrap();
    let mut setup = Setup::new(&adam, 0.0, Kind::Float);
    setup.step(0);
    let own = |setup: &Setup| -> BTreeMap<String, Tensor> { setup.optimizer.state().into_iter().collect() };
    let names: Vec<String> = own(&setup).into_keys().collect();
    assert_eq!(names, ["exp_avg.a", "exp_avg.b", "exp_avg.c", "exp_avg_sq.a", "exp_avg_sq.b", "exp_avg_sq.c", "steps"]);
    let before: Vec<Vec<f64>> = own(&setup).values().map(numbers).collect();

    let mut state: BTreeMap<String, Tensor> =
        own(&setup).into_iter().map(|(name, tensor)| (name, tensor.zeros_like())).collect();
    state.insert("exp_avg.a".to_owned(), Tensor::zeros([3, 5], (Kind::Float, Device::Cpu)));
    state.remove("exp_avg.b");
    state.insert("exp_avg.d".to_owned(), Tensor::zeros([1], (Kind::Float, Device::Cpu)));
    let message = setup.optimizer.load_state(&state).unwrap_err().to_string();
    for part in
        ["`exp_avg.a` is Float [3, 5] instead of Float [3, 4]", "`exp_avg.b` is missing", "`exp_avg.d` is unexpected"]
    {
        assert!(message.contains(part), "{message}");
    }
    let after: Vec<Vec<f64>> = own(&setup).values().map(numbers).collect();
    assert_eq!(after, before);

    let other = own(&Setup::new(&sgd, 0.0, Kind::Float));
    assert_eq!(other.keys().collect::<Vec<_>>(), ["momentum.a", "momentum.b", "momentum.c", "steps"]);
    assert!(setup.optimizer.load_state(&other).is_err());
}
