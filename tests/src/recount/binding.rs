//! Bindings: what sessions say they are bound to is what items say is bound to them.

use super::{Recount, same, text};
use std::collections::BTreeSet;

/// The most bindings of one session.
const MOST_BOUND: usize = 50;

impl Recount {
    pub(super) fn check_bindings(&self, faults: &mut Vec<String>) {
        let mut said = BTreeSet::new();
        for (of, infos) in &self.infos {
            let Some((tenant, conversation)) = of.split_once('#') else { continue };
            for (ordinal, info) in infos {
                let kept = match text(info, "bd") {
                    "" => Vec::new(),
                    kept => serde_json::from_str::<Vec<(String, u64, String)>>(kept)
                        .unwrap_or_else(|_| {
                            faults.push(format!("{of}.{ordinal}: bindings {kept}"));
                            Vec::new()
                        }),
                };
                if kept.len() > MOST_BOUND {
                    faults.push(format!("{of}.{ordinal} is bound to {}", kept.len()));
                }
                for (item, at, _) in kept {
                    let item = (tenant.to_owned(), item);
                    if !self.records.contains(&item) {
                        faults.push(format!("{of}.{ordinal} is bound to nothing: {item:?}"));
                    }
                    let row = format!("{at:013}#{conversation}.{ordinal}");
                    if !said.insert((item, row.clone())) {
                        faults.push(format!("{row} is bound twice"));
                    }
                }
            }
        }
        same(faults, "bindings", self.bound.clone(), said);
    }
}
