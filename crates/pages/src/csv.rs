//! Comma-separated values as RFC 4180 has them, and safe to open in a spreadsheet: a cell that a spreadsheet would take
//! for a formula begins with an apostrophe.

/// One record with its line end.
pub fn record<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for (place, text) in cells.into_iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        cell(&mut line, text);
    }
    line.push_str("\r\n");
    line
}

fn cell(line: &mut String, text: &str) {
    // Spreadsheets look past blanks before they decide that something is a formula.
    let first = text.trim_start_matches([' ', '\u{a0}', '\u{feff}']).chars().next();
    let is_formula = matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n'));
    let is_quoted = is_formula || text.contains([',', '"', '\r', '\n', ';', '\t']);
    if !is_quoted {
        line.push_str(text);
        return;
    }
    line.push('"');
    if is_formula {
        line.push('\'');
    }
    line.push_str(&text.replace('"', "\"\""));
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_quotes_and_line_ends_stay_in_their_cell() {
        assert_eq!(
            record(["a", "b,c", "say \"hi\"", "two\nlines", ""]),
            "a,\"b,c\",\"say \"\"hi\"\"\",\"two\nlines\",\r\n"
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        for bad in ["=1+1", "+49 30", "-2", "@SUM(A1)", "\t=1", " =1", "\u{feff}=1", "\r=1"] {
            assert!(record([bad]).starts_with("\"'"), "{bad:?}");
        }
        assert_eq!(record(["2 - 1", "a=b"]), "2 - 1,a=b\r\n");
    }
}
