//! What was measured on, and what a process used of it.

use std::fs;

use anyhow::{Context, Result};

use crate::process;

/// Date, processor, memory, system and compiler, for one line of a page.
pub(super) fn describe() -> Result<String> {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, model)| model);
    let cores = cpus
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = kilobytes(&memory, "MemTotal:").unwrap_or_default() / (1024 * 1024);
    let of = |program: &str, arguments: &[&str]| -> Result<String> {
        let text = process::capture(process::command(program).args(arguments))?;
        Ok(text.trim().to_owned())
    };
    Ok(format!(
        "{}, {} core(s) of {model}, {memory} GiB, {}, {}",
        of("date", &["-u", "+%F"])?,
        cores,
        of("uname", &["-sr"])?,
        of("rustc", &["--version"])?
    ))
}

/// How many processes wanted a processor, on average over the last minute.
pub(super) fn load() -> Result<String> {
    let text = fs::read_to_string("/proc/loadavg")?;
    let minute = text.split_whitespace().next();
    Ok(minute.context("no load average")?.to_owned())
}

/// Memory of a process, in MiB: now and at most.
pub(super) fn memory_mib(process: u32) -> Result<(u64, u64)> {
    let (now, most) = memory_kib(process)?;
    Ok((now / 1024, most / 1024))
}

/// Memory of a process, in KiB: now and at most.
pub(super) fn memory_kib(process: u32) -> Result<(u64, u64)> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let read = |name| kilobytes(&status, name).with_context(|| format!("no {name}"));
    Ok((read("VmRSS:")?, read("VmHWM:")?))
}

/// Processor time that a process has used, in milliseconds. Its grain is 10 ms on most systems.
pub(super) fn cpu_ms(process: u32) -> Result<f64> {
    let ticks_per_second: f64 = process::capture(process::command("getconf").arg("CLK_TCK"))?
        .trim()
        .parse()?;
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    Ok(ticks(&stat)? * 1000.0 / ticks_per_second)
}

/// Ticks in user and in system mode: the 14th and the 15th field, counted behind the program's
/// name, which may hold spaces.
fn ticks(stat: &str) -> Result<f64> {
    let (_, fields) = stat.rsplit_once(')').context("no program in stat")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let field = |index: usize| -> Result<f64> {
        Ok(fields.get(index).context("stat is too short")?.parse()?)
    };
    Ok(field(11)? + field(12)?)
}

fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_proc_are_found() {
        let stat = "12 (a b) c) S 1 12 12 0 -1 4194560 100 0 0 0 70 30 0 0 20 0 3 0 99";
        assert!((ticks(stat).unwrap() - 100.0).abs() < f64::EPSILON);
        assert!(ticks("12 (a) S 1").is_err());
        let status = "Name:\ta\nVmRSS:\t  2048 kB\n";
        assert_eq!(kilobytes(status, "VmRSS:"), Some(2048));
        assert_eq!(kilobytes(status, "VmHWM:"), None);
    }
}
