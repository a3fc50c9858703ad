//! Parameters and multiply-adds of whole networks.

use googlenetc::report::{self, Total};
use googlenetc_tests::text;
use serde_json::Value;

use super::{FAMILY, checked};

#[test]
fn totals() {
    for member in &FAMILY {
        let totals = report::report(&checked(member.name)).totals;
        let pair = |total: Total| (total.parameters, total.multiply_adds);
        assert_eq!(
            (pair(totals.training), pair(totals.inference)),
            (member.training, member.inference),
            "{}",
            member.name
        );
    }
}

/// The numbers above are also those that PyTorch counts.
#[test]
fn totals_are_those_of_pytorch() {
    for member in FAMILY.iter().filter(|member| member.model.is_some()) {
        let (model, _) = member.model.expect("filtered");
        let data: Value = serde_json::from_str(&text(&format!("tests/data/models/{model}.json"))).expect("JSON");
        let total = |name: &str| data["totals"][name].as_u64().expect("a count");
        assert_eq!(member.training, (total("params"), total("macs_train_graph")), "{}", member.name);
        assert_eq!(member.inference, (total("params_used_in_eval"), total("macs_eval")), "{}", member.name);
    }
}
