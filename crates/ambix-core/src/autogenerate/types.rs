//! Whether two types are the same to Alembic, and to SQLite.

use super::Rules;
use crate::schema::DataType;
use alloc::{string::String, vec::Vec};

/// Words that mean the same to SQLite, which goes by the affinity alone; the first stands for all.
const SYNONYMS: &[&[&str]] = &[
    &["numeric", "decimal"],
    &["datetime", "timestamp", "datetime_char"],
    // Of a column that is declared so, SQLAlchemy tells no more than the first.
    &["date", "date_char"],
    &["time", "time_char"],
    &["varchar", "nvarchar"],
    &["char", "nchar"],
    &["real", "double", "float"],
];

/// Alembic's rule (`DefaultImpl.compare_type`): the words of both types in lower case; the first must
/// be equal, the others where there are equally many, the sizes where both have as many. NUMERIC is DECIMAL.
/// Without parity more words are equal, and a type of the application, of which only the SQL is known, is compared
/// as SQLite's affinity has it, or Alembic's rule would change the column each time.
pub(super) fn differ(there: &DataType, wanted: &DataType, rules: &Rules) -> bool {
    if let Some(sql) = wanted.own_sql().filter(|_| !rules.parity) {
        return DataType::reflect(sql).is_some_and(|wanted| differ(there, &wanted, rules));
    }
    let (Ok(there), Ok(wanted)) = (there.bare_sql(), wanted.bare_sql()) else {
        return false;
    };
    let ((a, a_sizes), (b, b_sizes)) = (parts(&there), parts(&wanted));
    let synonyms = if rules.parity { &SYNONYMS[..1] } else { SYNONYMS };
    let first = |words: &[String]| {
        let word = words.first().map_or("", String::as_str);
        let group = synonyms.iter().find(|group| group.contains(&word));
        group.map_or(word, |group| group[0]).to_lowercase()
    };
    first(&a) != first(&b)
        || (a.len() == b.len() && a.get(1..) != b.get(1..))
        || (a_sizes.len() == b_sizes.len() && a_sizes != b_sizes)
}

/// The words of a type and its sizes: `["double", "precision"]`, `["10", "2"]`.
fn parts(sql: &str) -> (Vec<String>, Vec<String>) {
    let sql = sql.to_lowercase();
    let (words, sizes) = sql.split_once('(').unwrap_or((&sql, ""));
    let words = words.split_whitespace().map(Into::into).collect();
    let sizes = sizes.trim_end_matches(')').split(',').map(str::trim);
    (words, sizes.filter(|size| !size.is_empty()).map(Into::into).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Literal, TypeArgument};

    fn differ_by(there: &str, wanted: &DataType, rules: &Rules) -> bool {
        differ(&DataType::reflect(there).unwrap(), wanted, rules)
    }

    #[test]
    fn types_are_compared_as_alembic_compares_them() {
        for rules in [Rules::ALL, Rules::ALEMBIC] {
            let differ = |there: &str, wanted: DataType| differ_by(there, &wanted, &rules);
            assert!(!differ("VARCHAR", DataType::sized("String", "length", 50)));
            assert!(!differ("VARCHAR(50)", DataType::plain("String")));
            assert!(differ("VARCHAR(40)", DataType::sized("String", "length", 50)));
            assert!(!differ("DECIMAL(10)", DataType::plain("Numeric")));
            assert!(differ("INTEGER", DataType::plain("String")));
            assert!(!differ("DOUBLE PRECISION", DataType::plain("DOUBLE_PRECISION")));
        }
    }

    #[test]
    fn words_that_are_the_same_to_sqlite_are_different_to_alembic() {
        for (there, wanted) in [
            ("TIMESTAMP", DataType::plain("DateTime")),
            ("NVARCHAR(10)", DataType::sized("Unicode", "length", 10)),
            ("REAL", DataType::plain("Double")),
            ("FLOAT", DataType::plain("DOUBLE_PRECISION")),
        ] {
            assert!(!differ_by(there, &wanted, &Rules::ALL), "{there}");
            assert!(differ_by(there, &wanted, &Rules::ALEMBIC), "{there}");
        }
        assert!(differ_by("NVARCHAR(9)", &DataType::sized("Unicode", "length", 10), &Rules::ALL));
    }

    #[test]
    fn a_type_of_the_application_is_compared_by_its_affinity() {
        let own = |sql: &str| {
            let value = Literal::Text(sql.into());
            let arguments = alloc::vec![TypeArgument { name: "col_spec".into(), value }];
            DataType { class: "UserDefinedType".into(), arguments, shown: None }
        };
        assert!(!differ_by("POINT", &own("POINT"), &Rules::ALL));
        assert!(differ_by("POINT", &own("POINT"), &Rules::ALEMBIC));
        assert!(differ_by("TEXT", &own("POINT"), &Rules::ALL));
    }
}
