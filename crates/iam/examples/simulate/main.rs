//! Compares the evaluator with `@cloud-copilot/iam-simulate`, a simulator of AWS IAM that others
//! wrote.
//!
//! `cargo run -p iam --example simulate -- --cases 5000 --seed 1` makes calls with policies from the
//! seed ([`generate`]), lets both judge and compares ([`compare`]). Where they differ, the settled
//! differences ([`differences`]) say what AWS's pages say; anything else is a disagreement, printed
//! whole. It also lets both judge the policies that Customhouse generates ([`product`]). The
//! last line counts, and the exit code is 0 only without disagreement.
//!
//! The simulator runs in Node (`judge.mjs` in `crates/iam/tests/simulate`, where `npm ci` installs
//! it). Its licence is AGPL-3.0: it is a program of the tests, never part of ours.

mod abstentions;
mod case;
mod compare;
mod differences;
mod generate;
mod product;
mod referee;

use std::process::ExitCode;

struct Arguments {
    cases: usize,
    seed: u64,
}

fn main() -> ExitCode {
    let outcome = read(std::env::args().skip(1)).and_then(|arguments| run(&arguments));
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn read(mut arguments: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut read = Arguments {
        cases: 5000,
        seed: 1,
    };
    while let Some(name) = arguments.next() {
        let value = arguments
            .next()
            .ok_or_else(|| format!("{name} needs a value"))?;
        let wrong = |_| format!("{name} takes a number, not {value:?}");
        match name.as_str() {
            "--cases" => read.cases = value.parse().map_err(wrong)?,
            "--seed" => read.seed = value.parse().map_err(wrong)?,
            _ => {
                return Err(format!(
                    "there is no option {name:?}, only --cases and --seed"
                ));
            }
        }
    }
    Ok(read)
}

fn run(arguments: &Arguments) -> Result<bool, String> {
    println!("seed {}", arguments.seed);
    let mut cases = product::cases();
    let made_by_us = cases.len();
    cases.extend(generate::cases(arguments.seed, arguments.cases));
    let comparison = compare::compare(&cases)?;
    println!("{made_by_us} cases of generated policies are among them");
    print!("{comparison}");
    Ok(comparison.is_clean())
}
