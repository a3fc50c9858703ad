//! A comparison with a published table as text and as JSON.

use super::{Cell, Parity, ParityRow, Verdict};

/// The comparison for people, row by row. Ends with a newline.
pub fn human(parity: &Parity) -> String {
    let mut text = format!("{} against {}\n\n", parity.network, parity.table);
    let names = parity.rows.iter().chain(&parity.heads).map(|row| row.row.len() + row.kind.len() + 3);
    let width = names.max().unwrap_or(0);
    for row in parity.rows.iter().chain(&parity.heads) {
        let name = format!("{} ({})", row.kind, row.row);
        text += format!("{name:<width$}  {}", line(row)).trim_end();
        text.push('\n');
    }
    let departures = parity.departures().count() + usize::from(!parity.extra.is_empty());
    for extra in &parity.extra {
        text += &format!("not in the table: {extra}\n");
    }
    text += &match departures {
        0 => "\nevery number agrees, but for the errata of the table\n".to_owned(),
        1 => "\n1 row departs from the table\n".to_owned(),
        rows => format!("\n{rows} rows depart from the table\n"),
    };
    if !parity.not_compared.is_empty() {
        text += "\nnot compared:\n";
        for words in &parity.not_compared {
            text += &format!("  {words}\n");
        }
    }
    if !parity.errata.is_empty() {
        text += "\nerrata of the table:\n";
        for note in &parity.errata {
            text += &format!("  {}. {}: {}: {}\n", note.number, note.row, note.values.join("; "), note.why);
        }
    }
    text
}

/// The comparison as JSON, with a final newline.
pub fn json(parity: &Parity) -> String {
    let mut text = serde_json::to_string_pretty(parity).unwrap_or_default();
    text.push('\n');
    text
}

/// What does not agree is shown.
fn line(row: &ParityRow) -> String {
    let mut parts: Vec<String> = Vec::new();
    for Cell { column, published, found, verdict, .. } in &row.cells {
        match verdict {
            Verdict::Differs => parts.push(format!("{column} {published} is published, here {found}")),
            Verdict::Erratum(number) => parts.push(format!("{column} {found}, not {published}: erratum {number}")),
            Verdict::Agrees | Verdict::NotCompared => {}
        }
    }
    if row.cells.iter().any(|cell| cell.verdict == Verdict::Agrees) {
        parts.insert(0, if parts.is_empty() { "agrees".into() } else { "agrees but for".into() });
    }
    parts.join("; ").replacen("but for; ", "but for ", 1)
}
