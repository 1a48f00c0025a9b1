//! The tables of `docs/reliability.md`, made of what the tests tallied.
//!
//! What to do with them is said by `CAUSEWAY_TEST_TABLES`, as `./test` sets it once the other tests have run: `write`
//! puts them into the page, `check` compares rows with the page. Without it, the page is checked by itself.

use std::{collections::BTreeMap, env, fs, path::Path};

use super::tally::{Chapter, Line, folder};

const CHAPTERS: [(Chapter, &str); 11] = [
    (Chapter::Requests, "requests"),
    (Chapter::Grant, "grant"),
    (Chapter::Org, "org"),
    (Chapter::Store, "store"),
    (Chapter::Nodes, "nodes"),
    (Chapter::WithAField, "with-a-field"),
    (Chapter::Schedules, "schedules"),
    (Chapter::LongSchedules, "long-schedules"),
    (Chapter::Zoho, "zoho"),
    (Chapter::SwitchedOff, "switched-off"),
    (Chapter::Kills, "kills"),
];

const HEAD: &str = "| fault | where | tried on SQLite | tried on PostgreSQL | lost | doubled | out of order | stuck |\n\
                    |---|---|--:|--:|--:|--:|--:|--:|\n";

/// Counts of one row: tried on each engine, then what went wrong.
type Counts = [u64; 6];

type Rows = BTreeMap<(String, String), Counts>;

#[test]
fn the_page_has_a_row_for_every_fault_and_zeros_in_its_last_columns() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reliability.md");
    let mut page = fs::read_to_string(&path).unwrap();
    let mut tallied = tallied();
    match env::var("CAUSEWAY_TEST_TABLES").as_deref() {
        Ok("write") => {
            for (chapter, mark) in CHAPTERS {
                // What has not run keeps the rows of the last time that it did.
                if let Some(mut rows) = tallied.remove(&chapter) {
                    keep_what_has_not_run(&mut rows, &read(&page, mark));
                    let (start, end) = between(&page, mark);
                    page.replace_range(start..end, &format!("\n\n{HEAD}{}\n", written(&rows)));
                }
            }
            fs::write(&path, &page).unwrap();
        }
        Ok("check") => {
            for (chapter, mark) in CHAPTERS {
                let Some(rows) = tallied.remove(&chapter) else {
                    assert!(
                        chapter.is_long() || read(&page, mark).is_empty(),
                        "nothing of the table `{mark}` was tried"
                    );
                    continue;
                };
                let named: Vec<_> = read(&page, mark).into_keys().collect();
                let tried: Vec<_> = rows.into_keys().collect();
                assert_eq!(named, tried, "the table `{mark}` has other rows; ./test --only reliability");
            }
        }
        _ => {}
    }
    for (chapter, mark) in CHAPTERS {
        for (case, counts) in read(&page, mark) {
            let wrong: u64 = counts[2..].iter().sum();
            assert_eq!(wrong > 0, chapter == Chapter::SwitchedOff, "{mark}: {case:?}: {counts:?}");
            assert!(counts[0] + counts[1] > 0, "{mark}: {case:?} was never tried");
        }
    }
}

/// Everything that was tallied since the folder was last emptied.
fn tallied() -> BTreeMap<Chapter, Rows> {
    let mut chapters: BTreeMap<Chapter, Rows> = BTreeMap::new();
    for file in fs::read_dir(folder()).into_iter().flatten() {
        for line in fs::read_to_string(file.unwrap().path()).unwrap().lines() {
            let Ok(line) = serde_json::from_str::<Line>(line) else { continue };
            let rows = chapters.entry(line.chapter).or_default();
            let row = rows.entry((line.fault, line.place)).or_default();
            row[usize::from(line.engine != "SQLite")] += line.tried;
            let wrong = [line.lost, line.doubled, line.out_of_order, line.stuck];
            row[2..].iter_mut().zip(wrong).for_each(|(sum, count)| *sum += count);
        }
    }
    chapters
}

/// An engine on which nothing of a table was tried keeps its counts.
fn keep_what_has_not_run(rows: &mut Rows, before: &Rows) {
    for engine in 0..2 {
        if rows.values().all(|counts| counts[engine] == 0) {
            for (case, counts) in before {
                rows.entry(case.clone()).or_default()[engine] = counts[engine];
            }
        }
    }
}

fn written(rows: &Rows) -> String {
    let line = |((fault, place), counts): (&(String, String), &Counts)| {
        let counts = counts.map(|count| format!(" {count} |")).concat();
        format!("| {fault} | {place} |{counts}\n")
    };
    rows.iter().map(line).collect()
}

fn read(page: &str, mark: &str) -> Rows {
    let (start, end) = between(page, mark);
    let lines = page[start..end].lines().filter(|line| line.starts_with("| ")).skip(1);
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 8, "{line}");
        let count = |place: usize| cells[2 + place].parse().unwrap_or_else(|_| panic!("no count in {line}"));
        ((cells[0].to_owned(), cells[1].to_owned()), std::array::from_fn(count))
    };
    lines.map(row).collect()
}

/// Where a table stands in the page: between its mark and the next.
fn between(page: &str, mark: &str) -> (usize, usize) {
    let open = format!("<!-- table: {mark} -->");
    let start = page.find(&open).unwrap_or_else(|| panic!("docs/reliability.md has no {open}")) + open.len();
    let end = page[start..].find("<!-- end -->").unwrap_or_else(|| panic!("{open} has no end"));
    (start, start + end)
}
