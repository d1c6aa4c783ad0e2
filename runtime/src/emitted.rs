//! Macros that expand the few lines of a generated type or builder into its code.
//!
//! A client of two hundred operations would repeat the same thirty lines for each of them, and for
//! each of its types. The macros contain these lines once, and the generator emits only the
//! differences.
//!
//! Invariants:
//!
//! * Every name outside of the invocation is a full path: a schema may be called `Option`.
//! * Every function that is not generic is `#[inline]`, so that a client's own build compiles none
//!   of them, and a caller's build only those that it calls.

/// Reads and writes a type whose fields are the members of a JSON object.
///
/// Each line is a member: its index, whether it may be missing, its field and its wire name.
#[doc(hidden)]
#[macro_export]
macro_rules! record {
    ($name:ident { $($place:literal $presence:ident $field:ident $wire:literal,)* $(.. $others:ident)? }) => {
        impl $crate::record::Record for $name {
            const NAME: &'static str = ::std::stringify!($name);
            const MEMBERS: &'static [&'static str] = &[$($wire),*];

            fn read<'de, __Map: $crate::record::MapAccess<'de>>(
                members: &mut $crate::record::Members<__Map>,
            ) -> ::std::result::Result<Self, __Map::Error> {
                $(let mut $field = $crate::record!(@start $presence);)*
                $(let mut $others = ::std::default::Default::default();)?
                while let ::std::option::Option::Some(place) = members.next()? {
                    match place {
                        $($place => $crate::record!(@read $presence members $field),)*
                        _ => $crate::record!(@other members $($others)?),
                    }?;
                }
                ::std::result::Result::Ok(Self {
                    $($field: $crate::record!(@end $presence members $place $field),)*
                    $($others,)?
                })
            }

            fn write<__Map: $crate::record::SerializeMap>(&self, members: &mut $crate::record::Written<__Map>) {
                let _ = &members;
                $(members.$presence($wire, &self.$field);)*
                $(members.others(&self.$others);)?
            }
        }

        impl<'de> $crate::record::Deserialize<'de> for $name {
            fn deserialize<__Json: $crate::record::Deserializer<'de>>(
                json: __Json,
            ) -> ::std::result::Result<Self, __Json::Error> {
                $crate::record::read(json)
            }
        }

        impl $crate::record::Serialize for $name {
            fn serialize<__Json: $crate::record::Serializer>(
                &self,
                json: __Json,
            ) -> ::std::result::Result<__Json::Ok, __Json::Error> {
                $crate::record::write(self, json)
            }
        }
    };
    // A required field is an `Option` until all members are read.
    (@start required) => { ::std::option::Option::None };
    (@start $presence:ident) => { ::std::default::Default::default() };
    (@read required $members:ident $field:ident) => { $members.required(&mut $field) };
    (@read $presence:ident $members:ident $field:ident) => { $members.value(&mut $field) };
    (@end required $members:ident $place:literal $field:ident) => { $members.come($place, $field)? };
    (@end $presence:ident $members:ident $place:literal $field:ident) => { $field };
    (@other $members:ident) => { $members.skip() };
    (@other $members:ident $others:ident) => { $members.other(&mut $others) };
}

/// Reads and writes a newtype like its inner type.
#[doc(hidden)]
#[macro_export]
macro_rules! transparent {
    ($name:ident) => {
        impl<'de> $crate::record::Deserialize<'de> for $name {
            fn deserialize<__Json: $crate::record::Deserializer<'de>>(
                json: __Json,
            ) -> ::std::result::Result<Self, __Json::Error> {
                $crate::record::Deserialize::deserialize(json).map(Self)
            }
        }

        impl $crate::record::Serialize for $name {
            fn serialize<__Json: $crate::record::Serializer>(
                &self,
                json: __Json,
            ) -> ::std::result::Result<__Json::Ok, __Json::Error> {
                $crate::record::Serialize::serialize(&self.0, json)
            }
        }
    };
    ($name:ident($target:ty)) => {
        $crate::transparent!($name);

        impl ::std::ops::Deref for $name {
            type Target = $target;

            #[inline]
            fn deref(&self) -> &$target {
                &self.0
            }
        }

        impl ::std::convert::From<$name> for $target {
            #[inline]
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl ::std::convert::From<$target> for $name {
            #[inline]
            fn from(value: $target) -> Self {
                Self(value)
            }
        }
    };
}

/// Reads a union as the first branch that fits.
///
/// A union whose branches a tag tells apart also keeps a value whose tag the spec does not know.
#[doc(hidden)]
#[macro_export]
macro_rules! union_of {
    ($name:ident { $($branch:ident),* $(,)? }) => {
        $crate::union_of!(@read $name any { $($branch),* } {});
        $crate::union_of!(@write $name { $($branch),* });
    };
    (
        $name:ident { $($branch:ident),* $(,)? }
        or $open:ident where $tag:literal is not in { $($known:literal),* $(,)? }
    ) => {
        $crate::union_of!(@read $name any { $($branch),* } {
            if $crate::record::has_other_tag(&any, $tag, &[$($known.into()),*]) {
                return ::std::result::Result::Ok(Self::$open(any));
            }
        });
        $crate::union_of!(@write $name { $($branch,)* $open });
    };
    (@read $name:ident $any:ident { $($branch:ident),* } { $($otherwise:tt)* }) => {
        impl<'de> $crate::record::Deserialize<'de> for $name {
            fn deserialize<__Json: $crate::record::Deserializer<'de>>(
                json: __Json,
            ) -> ::std::result::Result<Self, __Json::Error> {
                let $any = $crate::record::any(json)?;
                $(if let ::std::option::Option::Some(value) = $crate::record::branch(&$any) {
                    return ::std::result::Result::Ok(Self::$branch(value));
                })*
                $($otherwise)*
                ::std::result::Result::Err($crate::record::no_branch(::std::stringify!($name)))
            }
        }
    };
    (@write $name:ident { $($branch:ident),* }) => {
        impl $crate::record::Serialize for $name {
            fn serialize<__Json: $crate::record::Serializer>(
                &self,
                json: __Json,
            ) -> ::std::result::Result<__Json::Ok, __Json::Error> {
                match self {
                    $(Self::$branch(value) => $crate::record::Serialize::serialize(value, json),)*
                }
            }
        }
    };
}

/// Prints the fields of a type except for the secret ones.
#[doc(hidden)]
#[macro_export]
macro_rules! debug_of {
    ($name:ident { $($how:ident $field:ident),* $(,)? }) => {
        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(::std::stringify!($name))
                    $(.field(::std::stringify!($field), $crate::body::$how(&self.$field)))*
                    .finish()
            }
        }
    };
}

/// Makes the builder of a body's type; each line is a setter.
#[doc(hidden)]
#[macro_export]
macro_rules! builder {
    (
        $(#[$docs:meta])*
        pub struct $name:ident for $body:path {
            $($(#[$field_docs:meta])* $presence:ident $field:ident: $target:ty,)*
        }
    ) => {
        $(#[$docs])*
        #[derive(Clone, Default)]
        pub struct $name {
            $($field: $crate::body::Slot<$target>,)*
        }

        impl $name {
            $($(#[$field_docs])*
            pub fn $field(
                mut self,
                value: impl ::std::convert::TryInto<$target, Error: ::std::fmt::Display>,
            ) -> Self {
                self.$field = $crate::body::Slot::set(::std::stringify!($field), value.try_into());
                self
            })*
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                // A value may be personal data or a secret.
                f.debug_struct(::std::stringify!($name)).finish_non_exhaustive()
            }
        }

        impl ::std::convert::TryFrom<$name> for $body {
            type Error = $crate::body::ConversionError;

            #[inline]
            fn try_from(value: $name) -> ::std::result::Result<Self, $crate::body::ConversionError> {
                let _ = &value;
                ::std::result::Result::Ok(Self {
                    $($field: value.$field.$presence(::std::stringify!($field))?,)*
                })
            }
        }

        impl ::std::convert::From<$body> for $name {
            #[inline]
            fn from(value: $body) -> Self {
                let _ = &value;
                Self { $($field: $crate::body::given::$presence(value.$field),)* }
            }
        }
    };
}

/// Makes the builder of an operation; each line is a parameter.
#[doc(hidden)]
#[macro_export]
macro_rules! operation {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident for $client:path: $method:literal {
            $($(#[$docs:meta])* $place:ident $setter:ident: $target:ty = $wire:literal $($separator:literal)?,)*
        }
        $(body: $body:ty = $start:expr;)?
        $(#[$send_docs:meta])*
        send($call:ident $($given:ident)?) -> $answer:ty { $send:expr }
    ) => {
        $(#[$attribute])*
        #[must_use]
        pub struct $name<'a> {
            call: $crate::call::Call<'a>,
            $(body: ::std::result::Result<$body, ::std::string::String>,)?
        }

        impl<'a> $name<'a> {
            /// Starts a request of `client`.
            #[inline]
            pub fn new(client: &'a $client) -> Self {
                Self { call: $crate::call::Call::new(client, $method), $(body: $start)? }
            }

            $($(#[$docs])*
            pub fn $setter(mut self, value: impl ::std::convert::TryInto<$target>) -> Self {
                self.call.$place::<$target>($wire, $($separator,)? value.try_into().ok());
                self
            })*

            $(#[$send_docs])*
            #[inline]
            pub async fn send(
                self,
            ) -> ::std::result::Result<$crate::ResponseValue<$answer>, $crate::Error> {
                let $call = self.call;
                $(let $given = self.body;)?
                $send.await
            }

            /// Sends the request and waits for the response, for programs without an async runtime.
            #[cfg(feature = "blocking")]
            #[inline]
            pub fn send_blocking(
                self,
            ) -> ::std::result::Result<$crate::ResponseValue<$answer>, $crate::Error> {
                $crate::blocking::wait(self.send())
            }
        }
    };
}

/// Sets the body of an operation: one with a builder, one without, or bytes.
#[doc(hidden)]
#[macro_export]
macro_rules! body_of {
    ($name:ident: $target:ty, built by $builder:ty) => {
        impl $name<'_> {
            /// Sets the whole request body.
            pub fn body(
                mut self,
                value: impl ::std::convert::TryInto<$target, Error: ::std::fmt::Display>,
            ) -> Self {
                self.body = $crate::body::whole(value.try_into()).map(::std::convert::From::from);
                self
            }

            /// Changes the request body, starting from the fields that are set so far.
            pub fn body_map(mut self, f: impl ::std::ops::FnOnce($builder) -> $builder) -> Self {
                self.body = self.body.map(f);
                self
            }
        }
    };
    ($name:ident: $target:ty) => {
        impl $name<'_> {
            /// Sets the whole request body.
            pub fn body(
                mut self,
                value: impl ::std::convert::TryInto<$target, Error: ::std::fmt::Display>,
            ) -> Self {
                self.body = $crate::body::whole(value.try_into());
                self
            }
        }
    };
    ($name:ident: bytes $target:ty) => {
        impl $name<'_> {
            /// Sets the whole request body.
            pub fn body(mut self, value: impl ::std::convert::TryInto<$target>) -> Self {
                self.body = value.try_into().map_err(|_| $crate::body::does_not_convert());
                self
            }
        }
    };
}

/// Reads the list of an operation page by page and item by item.
#[doc(hidden)]
#[macro_export]
macro_rules! paged {
    (
        $(#[$docs:meta])*
        $name:ident($call:ident $($given:ident)?) -> $item:ty { $ready:expr } $($or_none:ident)?
    ) => {
        impl<'a> $name<'a> {
            $(#[$docs])*
            #[inline]
            pub fn pages(self) -> $crate::Pages<'a, $item> {
                $(let $given = self.body;)?
                $crate::Pages::new(self.call, move |$call| $ready)$(.$or_none())?
            }

            /// Reads item by item, over all [pages](Self::pages).
            #[inline]
            pub fn items(self) -> $crate::Items<'a, $item> {
                self.pages().items()
            }
        }
    };
}

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
