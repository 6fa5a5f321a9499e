//! Aligned columns. Width is counted as a terminal shows it: a Chinese character takes two cells.

use unicode_width::UnicodeWidthStr;

use super::output::{BOLD, RESET};

/// Which way a column leans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A table with a heading.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<(&'static str, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new<const N: usize>(columns: [(&'static str, Align); N]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        assert_eq!(N, self.columns.len(), "a row has a cell for every column");
        self.rows.push(cells.into());
    }

    pub(crate) fn render(&self) -> String {
        let widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(index, (title, _))| {
                self.rows
                    .iter()
                    .map(|row| row[index].width())
                    .chain([title.width()])
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let titles: Vec<String> = self
            .columns
            .iter()
            .map(|(title, _)| (*title).to_owned())
            .collect();
        let mut text = format!("{BOLD}{}{RESET}\n", self.line(&titles, &widths));
        for row in &self.rows {
            text.push_str(&self.line(row, &widths));
            text.push('\n');
        }
        text
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for ((cell, (_, align)), width) in cells.iter().zip(&self.columns).zip(widths) {
            if !line.is_empty() {
                line.push_str("  ");
            }
            let space = " ".repeat(width - cell.width());
            match align {
                Align::Left => {
                    line.push_str(cell);
                    line.push_str(&space);
                }
                Align::Right => {
                    line.push_str(&space);
                    line.push_str(cell);
                }
            }
        }
        line.trim_end().to_owned()
    }
}

/// `Name   value` lines for one thing. Empty values are left out.
pub(crate) fn facts<const N: usize>(lines: [(&str, String); N]) -> String {
    let width = lines
        .iter()
        .map(|(name, _)| name.width())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for (name, value) in lines {
        if !value.is_empty() {
            text.push_str(&format!("{name:width$}  {value}\n"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_cells() {
        let mut table = Table::new([("Name", Align::Left), ("Rows", Align::Right)]);
        table.row(["毎日".to_owned(), "12".to_owned()]);
        table.row(["daily".to_owned(), "1,200".to_owned()]);
        assert_eq!(
            table.render(),
            "\x1b[1mName    Rows\x1b[0m\n毎日      12\ndaily  1,200\n"
        );
    }
}
