/// Prints what a network shows of its operations, and the logits of its heads, in each of the graphs.
fn run<N: Network>(module: &str) {
    // For tensors so small, threads wait longer for each other than they compute.
    set_num_threads(1);
    let mut store = VarStore::new(Device::Cpu);
    let network = N::new(&store.root());
    store.double();
    for (name, mut variable) in store.variables() {
        let shape = variable.size();
        no_grad(|| variable.copy_(&filled(&name, &shape)));
    }
    let x = filled("input", &[&[BATCH], &N::INPUT[..]].concat());
    let statistics = Mode { batch_statistics: Statistics::Batch, ..Mode::COMPARISON };
    for (graph, mode) in [("training", Mode::COMPARISON), ("inference", Mode::INFERENCE), ("statistics", statistics)] {
        let show = |what: &str, name: &str, value: &Tensor| {
            let sizes: Vec<String> = value.size().iter().map(i64::to_string).collect();
            let [sum, weighted, _] = formula::fingerprint(&numbers(value));
            println!("{module} {graph} {what} {name} {} {sum:e} {weighted:e}", sizes.join("x"));
        };
        let observer = |path: &str, value: &Tensor| show("operation", path, value);
        let output = no_grad(|| network.forward(&x, mode, &Probe::new(&observer)));
        for (head, logits) in N::HEADS.iter().zip(output.logits()) {
            if let Some(logits) = logits {
                show("head", head.name, logits);
            }
        }
    }
}

fn filled(name: &str, shape: &[i64]) -> Tensor {
    Tensor::from_slice(&formula::values(name, shape)).view(shape)
}

fn numbers(tensor: &Tensor) -> Vec<f64> {
    assert_eq!(tensor.kind(), Kind::Double);
    Vec::try_from(tensor.contiguous().view(-1)).expect("numbers")
}
