//! The assumptions as they are printed and documented.

use emulator::{Assumption, Takes, World};

/// The assumption set to `value`, alone in a world.
fn world_with(key: &str, value: &str) -> String {
    format!("[assumptions]\n{key} = {value}\n")
}

#[test]
fn the_printed_table_is_a_world_and_every_printed_value_is_taken() {
    let table = Assumption::table();
    World::parse(&table).unwrap();
    for assumption in Assumption::all() {
        assert!(table.contains(assumption.question), "{}", assumption.key);
        for value in assumption.values() {
            assert!(table.contains(&value), "{}: {value}", assumption.key);
            let world = World::parse(&world_with(assumption.key, &value));
            assert!(world.is_ok(), "{}: {value}", assumption.key);
        }
        let wrong = world_with(assumption.key, "\"something else\"");
        let problem = World::parse(&wrong).err().unwrap().to_string();
        assert!(problem.contains(assumption.key), "{problem}");
    }
}

/// The rows of the documentation's table of assumptions: key, default, other values.
fn documented() -> Vec<[String; 3]> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/emulator.md");
    let text = std::fs::read_to_string(path).unwrap();
    let section = text.split("\n## Assumptions\n").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            [cells[1], cells[2], cells[3]].map(str::to_owned)
        })
        .collect()
}

/// The words between backticks.
fn code_words(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_documentation_names_the_same_keys_defaults_and_values() {
    let rows = documented();
    let keys: Vec<&str> = rows.iter().flat_map(|row| code_words(&row[0])).collect();
    let all = Assumption::all();
    let wanted: Vec<&str> = all.iter().map(|assumption| assumption.key).collect();
    let mut sorted = (keys.clone(), wanted);
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    assert_eq!(sorted.0, sorted.1);
    for (key, row) in keys.into_iter().zip(&rows) {
        let assumption = all.iter().find(|one| one.key == key).unwrap();
        assert_eq!(code_words(&row[1]), [assumption.default.as_str()], "{key}");
        let mut others: Vec<&str> = match assumption.takes {
            Takes::Words(words) => words.to_vec(),
            Takes::Flag => vec!["true", "false"],
            Takes::Number => Vec::new(),
        };
        others.retain(|value| *value != assumption.default);
        let mut named = code_words(&row[2]);
        others.sort_unstable();
        named.sort_unstable();
        assert_eq!(named, others, "{key}");
    }
}
