//! Details that are a list of the same things, as a table: what one may drive, qualifications, schools.

use serde_json::Value;

use super::text::{civil, clean, pick, plain, restrictions, written};
use super::{CLAIMS, Shape, entry_of, humanise};
use crate::view::{Language, TableView};

/// Rows of a table that are drawn; a driving licence has about twenty.
const ROWS_MAX: usize = 100;
/// Columns of a table.
const COLUMNS_MAX: usize = 12;
/// Characters of one cell.
const CELL_MAX: usize = 120;

/// The table of a detail: for driving privileges (ISO/IEC 18013-5, 7.2.4, and the British provisional ones) always, for any
/// other detail where it is a list of two or more objects, or of one with several members. `None` where it is not.
#[must_use]
pub fn table_of(type_id: &str, path: &[Value], value: &Value, language: Language) -> Option<TableView> {
    let rows = value.as_array().filter(|rows| !rows.is_empty())?;
    if rows.len() > ROWS_MAX || !rows.iter().all(Value::is_object) {
        return None;
    }
    match entry_of(type_id, path).map(|entry| entry.shape) {
        Some(Shape::Privileges) => privileges(rows, language),
        None | Some(Shape::Plain) => objects(rows, language),
        Some(_) => None,
    }
}

fn heading(name: &str, language: Language) -> String {
    match CLAIMS.inner.get(name) {
        Some(pair) => pick(pair, language).to_owned(),
        None => humanise(name),
    }
}

/// Category, from, to, codes. Columns nobody filled are left out.
fn privileges(rows: &[Value], language: Language) -> Option<TableView> {
    const COLUMNS: [&str; 4] = ["vehicle_category_code", "issue_date", "expiry_date", "codes"];
    let cell = |row: &Value, column: &str| match column {
        "codes" => restrictions(row).join(", "),
        "vehicle_category_code" => text(row, column).map(|code| clean(code, 12)).unwrap_or_default(),
        _ => text(row, column)
            .map(|date| civil(date).map_or_else(|| clean(date, CELL_MAX), |date| written(date, language)))
            .unwrap_or_default(),
    };
    let rows: Vec<&Value> = rows
        .iter()
        .filter(|row| text(row, "vehicle_category_code").is_some())
        .collect();
    let used: Vec<&str> = COLUMNS
        .into_iter()
        .filter(|column| rows.iter().any(|row| !cell(row, column).is_empty()))
        .collect();
    (!rows.is_empty()).then(|| TableView {
        columns: used.iter().map(|column| heading(column, language)).collect(),
        rows: rows
            .iter()
            .map(|row| used.iter().map(|column| cell(row, column)).collect())
            .collect(),
    })
}

fn text<'v>(row: &'v Value, name: &str) -> Option<&'v str> {
    row.get(name).and_then(Value::as_str)
}

/// One column for every member any of the objects has, what names the row first.
fn objects(rows: &[Value], language: Language) -> Option<TableView> {
    let mut columns: Vec<&str> = Vec::new();
    for name in rows.iter().filter_map(Value::as_object).flat_map(serde_json::Map::keys) {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    columns.sort_by_key(|name| !matches!(*name, "title" | "name"));
    if columns.len() > COLUMNS_MAX || columns.len() < 2 {
        return None;
    }
    let cell = |row: &Value, column: &str| {
        let value = row.get(column).unwrap_or(&Value::Null);
        clean(&plain(value, language, 1), CELL_MAX)
    };
    Some(TableView {
        columns: columns.iter().map(|column| heading(column, language)).collect(),
        rows: rows
            .iter()
            .map(|row| columns.iter().map(|column| cell(row, column)).collect())
            .collect(),
    })
}
