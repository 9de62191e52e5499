//! The part of sql.js's interface that is used. Everything may throw, so everything is `catch`.

use js_sys::{Array, Function, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The global function that sql.js's script defines.
    #[wasm_bindgen(js_name = initSqlJs, catch)]
    pub(crate) fn init_sql_js(config: &Object) -> Result<Promise, JsValue>;

    /// What the promise of `initSqlJs` gives.
    pub(crate) type SqlJs;

    #[wasm_bindgen(method, getter, js_name = Database)]
    pub(crate) fn database_class(this: &SqlJs) -> Function;

    /// A connection to a database in memory.
    #[derive(Debug)]
    pub(crate) type SqlJsDatabase;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn prepare(this: &SqlJsDatabase, sql: &str) -> Result<SqlJsStatement, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn export(this: &SqlJsDatabase) -> Result<Uint8Array, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn close(this: &SqlJsDatabase) -> Result<(), JsValue>;

    /// A prepared statement. Its memory is sql.js's: it must be freed.
    pub(crate) type SqlJsStatement;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn bind(this: &SqlJsStatement, values: &Array) -> Result<bool, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn step(this: &SqlJsStatement) -> Result<bool, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn get(
        this: &SqlJsStatement,
        parameters: &JsValue,
        options: &Object,
    ) -> Result<Array, JsValue>;

    #[wasm_bindgen(method, catch, js_name = getColumnNames)]
    pub(crate) fn column_names(this: &SqlJsStatement) -> Result<Array, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn free(this: &SqlJsStatement) -> Result<bool, JsValue>;
}

/// The text of whatever was thrown: sql.js throws `Error`s and, now and then, strings.
pub(crate) fn message(thrown: &JsValue) -> String {
    match (thrown.dyn_ref::<js_sys::Error>(), thrown.as_string()) {
        (Some(error), _) => String::from(error.message()),
        (None, Some(text)) => text,
        (None, None) => "sql.js failed and did not say why".into(),
    }
}
