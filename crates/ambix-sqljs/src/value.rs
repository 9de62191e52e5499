//! Values between Rust and JavaScript.

use ambix_core::engine::Value;
use js_sys::{BigInt, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};

/// A value as sql.js binds it; [`crate::parameter`] has taken out what it would not bind exactly.
pub(crate) fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Integer(number) => JsValue::from_f64(*number as f64),
        Value::Real(number) => JsValue::from_f64(*number),
        Value::Text(text) => JsValue::from_str(text),
        Value::Blob(bytes) => Uint8Array::from(bytes.as_slice()).into(),
    }
}

/// A value of a row that was read with `useBigInt`, so that whole numbers are BigInts.
pub(crate) fn from_js(value: JsValue) -> Value {
    if let Some(text) = value.as_string() {
        return Value::Text(text);
    }
    if let Some(number) = value.as_f64() {
        return Value::Real(number);
    }
    match value.dyn_into::<BigInt>() {
        Ok(number) => i64::try_from(number).map_or(Value::Null, Value::Integer),
        Err(value) => match value.dyn_into::<Uint8Array>() {
            Ok(bytes) => Value::Blob(bytes.to_vec()),
            Err(_) => Value::Null,
        },
    }
}
