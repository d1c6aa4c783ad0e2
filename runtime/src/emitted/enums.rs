//! Expands to enums of texts and integers.

/// Makes an enum of texts; an open one keeps unknown values.
#[doc(hidden)]
#[macro_export]
macro_rules! text_enum {
    (
        $(#[$docs:meta])*
        open pub enum $name:ident[$count:literal] { $($(#[$variant_docs:meta])* $variant:ident = $wire:literal,)* }
    ) => {
        $(#[$docs])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_docs])* $variant,)*
            /// A value that is not in the spec; it is written back unchanged.
            Unknown(::std::string::String),
        }

        $crate::text_enum!(@known $name[$count] { $($variant = $wire,)* } { Self::Unknown(value) => value, });
        $crate::open_enum!($name);

        impl ::std::convert::From<&str> for $name {
            #[inline]
            fn from(value: &str) -> Self {
                match value {
                    $($wire => Self::$variant,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(value: ::std::string::String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            #[inline]
            fn from_str(value: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                ::std::result::Result::Ok(Self::from(value))
            }
        }

        impl<'de> $crate::record::Deserialize<'de> for $name {
            fn deserialize<__Json: $crate::record::Deserializer<'de>>(
                json: __Json,
            ) -> ::std::result::Result<Self, __Json::Error> {
                <::std::string::String as $crate::record::Deserialize>::deserialize(json).map(Self::from)
            }
        }
    };
    (
        $(#[$docs:meta])*
        closed pub enum $name:ident[$count:literal] { $($(#[$variant_docs:meta])* $variant:ident = $wire:literal,)* }
    ) => {
        $(#[$docs])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_docs])* $variant,)*
        }

        $crate::text_enum!(@known $name[$count] { $($variant = $wire,)* } {});

        impl ::std::str::FromStr for $name {
            type Err = ::std::string::String;

            #[inline]
            fn from_str(value: &str) -> ::std::result::Result<Self, ::std::string::String> {
                match value {
                    $($wire => ::std::result::Result::Ok(Self::$variant),)*
                    _ => ::std::result::Result::Err($crate::body::no_value_of(::std::stringify!($name))),
                }
            }
        }

        impl ::std::convert::TryFrom<&str> for $name {
            type Error = ::std::string::String;

            #[inline]
            fn try_from(value: &str) -> ::std::result::Result<Self, ::std::string::String> {
                value.parse()
            }
        }

        impl<'de> $crate::record::Deserialize<'de> for $name {
            fn deserialize<__Json: $crate::record::Deserializer<'de>>(
                json: __Json,
            ) -> ::std::result::Result<Self, __Json::Error> {
                $crate::record::parsed(json)
            }
        }
    };
    (@known $name:ident[$count:literal] { $($variant:ident = $wire:literal,)* } { $($unknown:tt)* }) => {
        impl $name {
            /// The values in the spec, in its order.
            pub const KNOWN: [Self; $count] = [$(Self::$variant),*];

            /// Returns the value on the wire.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    $($unknown)*
                }
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::record::Serialize for $name {
            fn serialize<__Json: $crate::record::Serializer>(
                &self,
                json: __Json,
            ) -> ::std::result::Result<__Json::Ok, __Json::Error> {
                json.serialize_str(self.as_str())
            }
        }
    };
}

/// Makes an enum of integers, which `$read` reads; an open one keeps unknown values.
#[doc(hidden)]
#[macro_export]
macro_rules! integer_enum {
    (
        $(#[$docs:meta])*
        open pub enum $name:ident[$count:literal] read by $read:path {
            $($(#[$variant_docs:meta])* $variant:ident = $wire:literal,)*
        }
    ) => {
        $(#[$docs])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_docs])* $variant,)*
            /// A value that is not in the spec; it is written back unchanged.
            Unknown(i64),
        }

        $crate::integer_enum!(@known $name[$count] { $($variant = $wire,)* } { Self::Unknown(value) => *value, });
        $crate::open_enum!($name);

        impl ::std::convert::From<i64> for $name {
            #[inline]
            fn from(value: i64) -> Self {
                match value {
                    $($wire => Self::$variant,)*
                    other => Self::Unknown(other),
                }
            }
        }

        impl ::std::convert::From<i32> for $name {
            #[inline]
            fn from(value: i32) -> Self {
                Self::from(i64::from(value))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::num::ParseIntError;

            #[inline]
            fn from_str(value: &str) -> ::std::result::Result<Self, ::std::num::ParseIntError> {
                value.parse::<i64>().map(Self::from)
            }
        }

        impl<'de> $crate::record::Deserialize<'de> for $name {
            fn deserialize<__Json: $crate::record::Deserializer<'de>>(
                json: __Json,
            ) -> ::std::result::Result<Self, __Json::Error> {
                $read(json).map(Self::from)
            }
        }
    };
    (
        $(#[$docs:meta])*
        closed pub enum $name:ident[$count:literal] read by $read:path {
            $($(#[$variant_docs:meta])* $variant:ident = $wire:literal,)*
        }
    ) => {
        $(#[$docs])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_docs])* $variant,)*
        }

        $crate::integer_enum!(@known $name[$count] { $($variant = $wire,)* } {});

        impl ::std::convert::TryFrom<i64> for $name {
            type Error = ::std::string::String;

            #[inline]
            fn try_from(value: i64) -> ::std::result::Result<Self, ::std::string::String> {
                match value {
                    $($wire => ::std::result::Result::Ok(Self::$variant),)*
                    _ => ::std::result::Result::Err($crate::body::no_value_of(::std::stringify!($name))),
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::string::String;

            #[inline]
            fn from_str(value: &str) -> ::std::result::Result<Self, ::std::string::String> {
                let value = value.parse::<i64>();
                value.map_err(|_| $crate::body::no_value_of(::std::stringify!($name))).and_then(Self::try_from)
            }
        }

        impl<'de> $crate::record::Deserialize<'de> for $name {
            fn deserialize<__Json: $crate::record::Deserializer<'de>>(
                json: __Json,
            ) -> ::std::result::Result<Self, __Json::Error> {
                $crate::record::converted($read(json)?)
            }
        }
    };
    (@known $name:ident[$count:literal] { $($variant:ident = $wire:literal,)* } { $($unknown:tt)* }) => {
        impl $name {
            /// The values in the spec, in its order.
            pub const KNOWN: [Self; $count] = [$(Self::$variant),*];

            /// Returns the value on the wire.
            #[must_use]
            #[inline]
            pub fn code(&self) -> i64 {
                match self {
                    $(Self::$variant => $wire,)*
                    $($unknown)*
                }
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.code(), f)
            }
        }

        impl $crate::record::Serialize for $name {
            fn serialize<__Json: $crate::record::Serializer>(
                &self,
                json: __Json,
            ) -> ::std::result::Result<__Json::Ok, __Json::Error> {
                json.serialize_i64(self.code())
            }
        }
    };
}

/// Adds `is_known` to an open enum.
#[doc(hidden)]
#[macro_export]
macro_rules! open_enum {
    ($name:ident) => {
        impl $name {
            /// Returns whether the value is in the spec.
            #[must_use]
            #[inline]
            pub fn is_known(&self) -> bool {
                !::std::matches!(self, Self::Unknown(_))
            }
        }
    };
}
