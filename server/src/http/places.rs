//! How many streams one person may hold open, so that nobody takes everybody's places.

use std::collections::HashMap;
use std::fs;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// File descriptors that are left for the database, AWS, files and ordinary requests.
const RESERVE: usize = 128;

/// The open streams of each person. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Places {
    taken: Arc<Mutex<HashMap<String, usize>>>,
    most: usize,
}

/// One person's place; dropping it gives it back.
#[derive(Debug)]
pub struct Place {
    places: Places,
    person: String,
}

impl Places {
    /// At most `most` for each person.
    pub fn new(most: usize) -> Self {
        Self {
            taken: Arc::default(),
            most,
        }
    }

    /// A place for `person`; none if they have as many as allowed.
    pub fn take(&self, person: &str) -> Option<Place> {
        let mut taken = self.lock();
        let count = taken.entry(person.to_owned()).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Place {
            places: self.clone(),
            person: person.to_owned(),
        })
    }

    /// Numbers are never half changed.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        if let Some(count) = taken.get_mut(&self.person) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.person);
            }
        }
    }
}

/// How many of `wanted` streams the process has file descriptors for, less a reserve. Where the
/// system does not say how many there are, all of them.
pub fn affordable(wanted: usize) -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    match open_files(&limits) {
        Some(most) => wanted.min(most.saturating_sub(RESERVE).max(1)),
        None => wanted,
    }
}

/// The soft limit of open files in the text of `/proc/self/limits` (proc(5)); none if it is not
/// there or is `unlimited`.
fn open_files(limits: &str) -> Option<usize> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_so_many_places_and_gets_them_back() {
        let places = Places::new(2);
        let first = places.take("one").unwrap();
        let _second = places.take("one").unwrap();
        assert!(places.take("one").is_none());
        let _other = places.take("two").expect("another person has their own");
        drop(first);
        let _third = places.take("one").expect("it was given back");
    }

    #[test]
    fn the_limit_of_open_files_is_read() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
             Max processes             62854                62854                processes \n\
             Max open files            1024                 20000                files     \n";
        assert_eq!(open_files(limits), Some(1024));
        assert_eq!(open_files(&limits.replace("1024 ", "unlimited ")), None);
        assert_eq!(open_files(""), None);
        assert!(affordable(1) == 1);
        assert!(affordable(usize::MAX) > 0);
    }
}
