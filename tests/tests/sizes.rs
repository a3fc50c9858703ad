//! Valid square inputs against figures from outside: worked out with PyTorch's rules for the networks of `data/models`, whose
//! verdicts `data/input_sweep.json` holds, and for Caffe's network with its fixed pools.

use googlenetc::{Above, CheckedNetwork, Mode, Sizes, valid_sizes};
use googlenetc_tests::{network, text};

/// First and last size of each range; nothing for the last of a range without end.
fn ranges(sizes: &Sizes) -> Vec<(u64, Option<u64>)> {
    let last = |above: &Above, last: u64| (*above != Above::Unbounded).then_some(last);
    sizes.ranges.iter().map(|range| (range.first, last(&range.above, range.last))).collect()
}

fn of(spec: &str, mode: Mode) -> Vec<(u64, Option<u64>)> {
    ranges(&valid_sizes(&network(spec), 1, mode))
}

#[test]
fn the_trunk_bounds_sizes_from_below() {
    // Pools that round up need 31 pixels, torchvision's last pool is smaller, and padded pools take anything.
    assert_eq!(of("specs/googlenet.yaml", Mode::Inference), [(31, None)]);
    assert_eq!(of("specs/tiny-imagenet.yaml", Mode::Inference), [(31, None)]);
    assert_eq!(of("specs/bias-aux.yaml", Mode::Inference), [(31, None)]);
    assert_eq!(of("specs/googlenet-torchvision.yaml", Mode::Inference), [(15, None)]);
    assert_eq!(of("specs/fashion-mnist.yaml", Mode::Inference), [(1, None)]);
    assert_eq!(of("specs/fashion-mnist-sequential.yaml", Mode::Inference), [(1, None)]);
}

#[test]
fn fixed_features_bound_sizes_on_both_sides() {
    // 5x5/3 windows must be 4x4 for the linear layer of 2048 features behind them.
    let sizes = valid_sizes(&network("specs/bias-aux.yaml"), 1, Mode::Training);
    assert_eq!(ranges(&sizes), [(223, Some(270))]);
    let [range] = &sizes.ranges[..] else { panic!("{sizes:?}") };
    assert_eq!(range.below.as_deref(), Some("aux1.fc1"));
    assert_eq!(range.above, Above::Refused("aux1.fc1".into()));
    assert_eq!(of("specs/googlenet.yaml", Mode::Training), [(223, Some(270))]);
    // Caffe's last pool is 7x7 and leaves 1x1.
    assert_eq!(of("specs/googlenet-caffe.yaml", Mode::Inference), [(223, Some(254))]);
}

/// A network with padded pools and such a head.
fn padded_with_head() -> CheckedNetwork {
    let spec = text("specs/fashion-mnist.yaml");
    let head = "  aux: {from: 4a, when: training, layers: [avgpool 5x5/3, conv 1x1 128, flatten, linear 1024, linear $classes]}\n";
    let compilation = googlenetc::compile("padded.yaml", &(spec.trim_end().to_owned() + "\n" + head));
    compilation.network.expect("the head fits")
}

#[test]
fn padded_pools_move_both_bounds() {
    assert_eq!(ranges(&valid_sizes(&padded_with_head(), 1, Mode::Training)), [(209, Some(256))]);
}

/// What a reshape takes depends on the batch: 223 to 270 pixels give each sample 2048 values, and larger maps may still
/// be cut into vectors of that length. PyTorch's verdicts on two samples are in `data/input_sweep.json`.
#[test]
fn a_reshape_takes_what_can_be_cut() {
    let sizes = valid_sizes(&network("specs/batch-norm.yaml"), 2, Mode::Inference);
    let found = ranges(&sizes);
    assert_eq!(found[0], (223, Some(270)));
    let holds = |size: u64| sizes.ranges.iter().any(|range| (range.first..=range.last).contains(&size));
    assert!(holds(448) && !holds(288) && !holds(512) && !holds(208));
    assert!(sizes.ranges.iter().all(|range| range.above != Above::Unbounded));
    assert_eq!(sizes.ranges[0].above, Above::Refused("aux1.2".into()));
}

/// Branches that are joined must agree at every size: an even and an odd kernel without padding never do, and strides of
/// two beside a pool that rounds up only agree on every other size.
#[test]
fn joined_branches_bound_sizes() {
    let spec = "network: Net\ninput: 1x9x9\nbody:\n  - fork:\n      concat:\n        a: conv 3x3/2 4 pad=0\n        \
                b: maxpool 3x3/2 ceil\nheads: {main: {layers: [avgpool global, flatten, linear 10]}}\n";
    let network = googlenetc::compile("net.yaml", spec).network.unwrap();
    let sizes = valid_sizes(&network, 1, Mode::Inference);
    let odd: Vec<(u64, Option<u64>)> = (1..=sizes.tried / 2).map(|half| (2 * half + 1, Some(2 * half + 1))).collect();
    let found = ranges(&sizes);
    assert_eq!(found[..100], odd[..100]);
    assert_eq!(sizes.ranges[0].below.as_deref(), Some("fork.a"));
    assert_eq!(sizes.ranges[1].below.as_deref(), Some("fork"));
}
