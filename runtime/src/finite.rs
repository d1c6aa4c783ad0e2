//! Writes a request body as JSON, or says which number in it is not finite.
//!
//! `serde_json` writes `null` for NaN and the infinities, and `Display` writes `NaN` and `inf`. The
//! vendor would then store another value than the caller meant, so such a value is refused before
//! anything is sent, wherever in the request it is.

use std::fmt::{self, Display};

use serde::Serialize;
use serde::ser::{self, Serializer};
use serde_json::Value;

use crate::decode::push_name;

/// Returns the JSON text of a value, or the reason why there is none, to follow the name of what is
/// written.
pub(crate) fn json_text<T: Serialize + ?Sized>(value: &T) -> Result<String, String> {
    value.serialize(Check).map_err(|unfit| unfit.to_string())?;
    serde_json::to_string(value).map_err(|_| Unfit::default().to_string())
}

/// Returns the text of a parameter or a plain field, or the reason why there is none, to follow its
/// name.
pub(crate) fn plain_text<T: Display + Serialize + ?Sized>(value: &T) -> Result<String, String> {
    match value.serialize(Check) {
        Err(unfit) if unfit.is_number => Err(unfit.to_string()),
        // Only a number can't be written as text.
        _ => Ok(value.to_string()),
    }
}

/// The reason why a value can't be written as JSON.
#[derive(Debug, Default)]
struct Unfit {
    /// The names and indices that lead to a number that is not finite, the innermost first.
    steps: Vec<String>,
    is_number: bool,
}

impl Unfit {
    fn within(mut self, step: impl Display) -> Self {
        self.steps.push(step.to_string());
        self
    }
}

impl Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_number {
            return f.write_str("can't be written as JSON");
        }
        if self.steps.is_empty() {
            return f.write_str("is not a finite number");
        }
        let mut pointer = String::new();
        self.steps.iter().rev().for_each(|step| push_name(&mut pointer, step));
        write!(f, "can't be written as JSON: the number at `{pointer}` is not finite")
    }
}

impl std::error::Error for Unfit {}

impl ser::Error for Unfit {
    fn custom<T: Display>(_: T) -> Self {
        Self::default()
    }
}

/// Looks at every value and writes none.
struct Check;

impl Check {
    fn float(is_finite: bool) -> Result<(), Unfit> {
        if is_finite { Ok(()) } else { Err(Unfit { steps: Vec::new(), is_number: true }) }
    }
}

macro_rules! passes {
    ($($method:ident: $target:ty),*) => {
        $(fn $method(self, _: $target) -> Result<(), Unfit> {
            Ok(())
        })*
    };
}

impl Serializer for Check {
    type Ok = ();
    type Error = Unfit;
    type SerializeSeq = Inside;
    type SerializeTuple = Inside;
    type SerializeTupleStruct = Inside;
    type SerializeTupleVariant = Inside;
    type SerializeMap = Inside;
    type SerializeStruct = Inside;
    type SerializeStructVariant = Inside;

    passes!(
        serialize_bool: bool,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_i128: i128,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
        serialize_u128: u128,
        serialize_char: char,
        serialize_str: &str,
        serialize_bytes: &[u8],
        serialize_unit_struct: &'static str
    );

    fn serialize_f32(self, value: f32) -> Result<(), Unfit> {
        Self::float(value.is_finite())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Unfit> {
        Self::float(value.is_finite())
    }

    fn serialize_none(self) -> Result<(), Unfit> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unfit> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unfit> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), Unfit> {
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unfit> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unfit> {
        value.serialize(self).map_err(|unfit| unfit.within(variant))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Inside, Unfit> {
        Ok(Inside::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<Inside, Unfit> {
        Ok(Inside::default())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Inside, Unfit> {
        Ok(Inside::default())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Inside, Unfit> {
        Ok(Inside { variant: Some(variant), ..Inside::default() })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Inside, Unfit> {
        Ok(Inside::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Inside, Unfit> {
        Ok(Inside::default())
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        n_fields: usize,
    ) -> Result<Inside, Unfit> {
        self.serialize_tuple_variant(name, index, variant, n_fields)
    }
}

/// The inside of a list or an object.
#[derive(Default)]
struct Inside {
    /// The member around it, for a variant of an enum.
    variant: Option<&'static str>,
    n_items: usize,
    key: String,
}

impl Inside {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        let index = self.n_items;
        self.n_items += 1;
        self.named(index, value)
    }

    fn named<T: Serialize + ?Sized>(&self, step: impl Display, value: &T) -> Result<(), Unfit> {
        value.serialize(Check).map_err(|unfit| {
            let unfit = unfit.within(step);
            match self.variant {
                Some(variant) => unfit.within(variant),
                None => unfit,
            }
        })
    }
}

macro_rules! lists {
    ($($name:ident $method:ident),*) => {
        $(impl ser::$name for Inside {
            type Ok = ();
            type Error = Unfit;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
                self.item(value)
            }

            fn end(self) -> Result<(), Unfit> {
                Ok(())
            }
        })*
    };
}

lists!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
);

macro_rules! records {
    ($($name:ident),*) => {
        $(impl ser::$name for Inside {
            type Ok = ();
            type Error = Unfit;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Unfit> {
                self.named(name, value)
            }

            fn end(self) -> Result<(), Unfit> {
                Ok(())
            }
        })*
    };
}

records!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Inside {
    type Ok = ();
    type Error = Unfit;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unfit> {
        self.key = match serde_json::to_value(key) {
            Ok(Value::String(key)) => key,
            Ok(key) => key.to_string(),
            Err(_) => return Err(Unfit::default()),
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.named(&self.key, value)
    }

    fn end(self) -> Result<(), Unfit> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Serialize)]
    struct Body {
        valor: f64,
        taxa: Option<f32>,
        itens: Vec<BTreeMap<String, Kind>>,
    }

    #[derive(Serialize)]
    enum Kind {
        Preco(f64),
        Faixa { ate: f64 },
    }

    fn body(valor: f64, taxa: Option<f32>, item: Kind) -> Body {
        Body { valor, taxa, itens: vec![BTreeMap::from([("a/b".to_owned(), item)])] }
    }

    #[test]
    fn a_number_that_is_not_finite_is_refused_at_its_place() {
        let rows = [
            (body(f64::NAN, None, Kind::Preco(1.0)), "/valor"),
            (body(f64::NEG_INFINITY, None, Kind::Preco(1.0)), "/valor"),
            (body(1.0, Some(f32::INFINITY), Kind::Preco(1.0)), "/taxa"),
            (body(1.0, None, Kind::Preco(f64::INFINITY)), "/itens/0/a~1b/Preco"),
            (body(1.0, None, Kind::Faixa { ate: f64::NAN }), "/itens/0/a~1b/Faixa/ate"),
        ];
        for (body, place) in rows {
            let told = json_text(&body).unwrap_err();
            let expect = format!("can't be written as JSON: the number at `{place}` is not finite");
            assert_eq!(told, expect);
        }
    }

    #[test]
    fn a_plain_number_that_is_not_finite_is_no_text() {
        let refused = "is not a finite number";
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(plain_text(&number), Err(refused.to_owned()));
            assert_eq!(plain_text(&(number as f32)), Err(refused.to_owned()));
            assert_eq!(json_text(&number), Err(refused.to_owned()));
        }
        assert_eq!(plain_text(&1.5), Ok("1.5".to_owned()));
        // A person may be called so.
        assert_eq!(plain_text("NaN"), Ok("NaN".to_owned()));
    }

    #[test]
    fn every_other_value_is_written_as_serde_json_writes_it() {
        let body = body(119.9, Some(0.5), Kind::Preco(-1e300));
        assert_eq!(json_text(&body).unwrap(), serde_json::to_string(&body).unwrap());
        let any: Value = serde_json::from_str(r#"{"a":[1.50,null,"NaN",true],"b":{}}"#).unwrap();
        assert_eq!(json_text(&any).unwrap(), any.to_string());
    }
}
