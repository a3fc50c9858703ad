//! The generated file as documentation, and how much of it there is: its structs and comments against the network.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use googlenetc::network::Content;
use googlenetc_tests::{compile, network, specs, text};
use syn::{Block, Expr, ExprLit, ImplItem, Item, ItemStruct, Lit, Meta, Pat, Stmt};

/// The networks that come with the compiler.
fn embedded() -> impl Iterator<Item = &'static str> {
    googlenetc_specs::NETWORKS.iter().map(|network| network.name)
}

fn structs(spec: &str) -> Vec<ItemStruct> {
    let code = compile(&format!("specs/{spec}.yaml")).rust().unwrap();
    let items = syn::parse_file(&code).unwrap().items.into_iter();
    items.filter_map(|item| if let Item::Struct(item) = item { Some(item) } else { None }).collect()
}

/// The lines of an item's comment.
fn comment(item: &ItemStruct) -> Vec<String> {
    let line = |meta: &Meta| {
        let Meta::NameValue(pair) = meta else { return None };
        let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &pair.value else { return None };
        Some(line.value().trim().to_owned())
    };
    item.attrs.iter().filter_map(|attribute| line(&attribute.meta)).collect()
}

/// How many structs each block has.
fn block_structs(spec: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for item in structs(spec) {
        let first = comment(&item).first().cloned().unwrap_or_default();
        if let Some(block) = first.strip_prefix("Block `").and_then(|rest| rest.strip_suffix("`:")) {
            *counts.entry(block.to_owned()).or_default() += 1;
        }
    }
    counts
}

/// The blocks that a network calls.
fn blocks(spec: &str) -> BTreeSet<String> {
    let network = network(&format!("specs/{spec}.yaml"));
    let called = |content: &Content| if let Content::Call(call) = content { Some(call.block.clone()) } else { None };
    network.network().groups().iter().filter_map(|group| called(&group.content)).collect()
}

/// Blocks whose calls are not all of one form, and how many forms there are: in BN-Inception, modules with all branches and a
/// mean, with all branches and a maximum, and with three branches and a stride; in Inception-ResNet v2 the last `block8`, which
/// does not rectify.
const FORMS: [(&str, &str, usize); 3] = [
    ("bn-inception", "inception-bn", 3),
    ("bn-inception-slim", "inception-bn", 3),
    ("inception-resnet-v2", "block8", 2),
];

/// The names that a block gives by `let`.
fn bound(block: &Block) -> Vec<String> {
    let name = |pattern: &Pat| if let Pat::Ident(name) = pattern { Some(name.ident.to_string()) } else { None };
    let bound = block.stmts.iter().filter_map(
        |statement| {
            if let Stmt::Local(local) = statement { name(&local.pat) } else { None }
        },
    );
    bound.collect()
}

/// A variable that is hidden by another of its name keeps its value, and so its memory, until the end of the block.
#[test]
fn no_variable_hides_another() {
    let mut blocks = 0;
    for spec in specs() {
        let code = compile(&spec).rust().unwrap();
        let items = syn::parse_file(&code).unwrap().items.into_iter();
        let functions = items.filter_map(|item| if let Item::Impl(item) = item { Some(item.items) } else { None });
        for function in functions.flatten() {
            let ImplItem::Fn(function) = function else { continue };
            let names = bound(&function.block);
            let different: BTreeSet<&String> = names.iter().collect();
            assert_eq!(different.len(), names.len(), "{spec}: {names:?}");
            blocks += usize::from(names.len() > 1);
        }
    }
    assert!(blocks > 50, "{blocks}");
}

#[test]
fn a_block_has_one_struct_however_often_it_is_called() {
    for spec in embedded() {
        let found = block_structs(spec);
        assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), blocks(spec), "{spec}");
        for (block, count) in found {
            let forms =
                FORMS.iter().find(|(of, name, _)| *of == spec && *name == block).map_or(1, |(.., forms)| *forms);
            assert_eq!(count, forms, "{spec}: {block}");
        }
    }
}

/// A network's code grows with its definitions, not with its depth: the 43 blocks of Inception-ResNet v2 are seven structs.
#[test]
fn code_stays_short() {
    for spec in embedded() {
        let lines = compile(&format!("specs/{spec}.yaml")).rust().unwrap().lines().count();
        assert!(lines < 600, "{spec}: {lines} lines");
    }
}

fn network_comment(spec: &str, name: &str) -> Vec<String> {
    comment(structs(spec).iter().find(|item| item.ident == name).unwrap())
}

/// Cells of the lines of a table in a comment.
fn cells(comment: &[String]) -> Vec<Vec<String>> {
    let rows = comment.iter().filter(|line| line.starts_with("| `"));
    rows.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// Each row of the paper's table stands beside the part that delivers what the row prints.
#[test]
fn parts_stand_beside_published_rows() {
    let parts = cells(&network_comment("googlenet", "GoogLeNet"));
    let table: serde_yaml::Value = serde_yaml::from_str(&text("specs/published/szegedy2015.yaml")).unwrap();
    let mut expected = Vec::new();
    for (name, cells) in table["rows"].as_mapping().unwrap() {
        let (name, output) = (name.as_str().unwrap(), cells[2].as_str().map_or("1000", |output| output));
        match name {
            "avgpool" | "dropout" => {}
            "linear" => expected.push(("avgpool, dropout, linear".to_owned(), output.to_owned())),
            name => expected.push((name.to_owned(), output.to_owned())),
        }
    }
    let found: Vec<(String, String)> =
        parts.iter().filter(|row| !row[1].is_empty()).map(|row| (row[1].clone(), row[2].clone())).collect();
    assert_eq!(found, expected);
    assert_eq!(parts[0][3], "7x7 convolution of stride 2 to 64 channels");
}

/// Every part of every network, trunk and heads, with what it delivers.
#[test]
fn every_part_is_in_the_comment() {
    for spec in embedded() {
        let checked = network(&format!("specs/{spec}.yaml"));
        let network = checked.network();
        let heads = network.outputs.iter().map(|index| &network.heads[*index].layers);
        let expected: Vec<(String, String)> = network
            .trunk
            .iter()
            .chain(heads)
            .map(|part| (format!("`{}`", part.path), checked.shape(part.output).to_string()))
            .collect();
        let all: Vec<Vec<Vec<String>>> = structs(spec).iter().map(|item| cells(&comment(item))).collect();
        let found: Vec<&Vec<String>> = all.iter().flatten().collect();
        let with_rows = usize::from(found.iter().all(|row| row.len() == 4));
        let found: Vec<(String, String)> =
            found.into_iter().map(|row| (row[0].clone(), row[1 + with_rows].clone())).collect();
        assert_eq!(found, expected, "{spec}");
    }
}

/// Blocks in words, nested branches and all.
#[test]
fn blocks_are_described_in_words() {
    let picture = |spec: &str, name: &str| {
        let items = structs(spec);
        let lines = comment(items.iter().find(|item| item.ident == name).unwrap());
        lines[2..].iter().take_while(|line| !line.is_empty()).cloned().collect::<Vec<_>>()
    };
    assert_eq!(
        picture("googlenet", "Inception"),
        [
            "- `branch1`: 1x1 convolution to `n1x1` channels",
            "- `branch2`: 1x1 convolution to `n3x3_reduce` channels, then 3x3 to `n3x3`",
            "- `branch3`: 1x1 convolution to `n5x5_reduce` channels, then 5x5 to `n5x5`",
            "- `branch4`: 3x3 max pool of stride 1, then 1x1 convolution to `pool_proj` channels",
        ]
    );
    assert_eq!(
        picture("inception-resnet-v2", "Block17"),
        [
            "- added:",
            "- `shortcut`: what comes in",
            "- `residual`:",
            "- joined along the channels:",
            "- `branch0`: 1x1 convolution to 192 channels",
            "- `branch1`: 1x1 convolution to 128 channels, then 1x7 to 160, then 7x1 to 192",
            "- 1x1 convolution to as many channels as come in",
            "- times 0.1",
            "- `relu`",
        ]
    );
}
