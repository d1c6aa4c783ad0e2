//! Expands to the reading, writing and printing of generated types.

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
    (@read clearable $members:ident $field:ident) => { $members.required(&mut $field) };
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
/// A union whose branches a tag tells apart also keeps a value whose tag the spec does not know. The
/// branches of a union with marks are tried in the order in which their marks match the value.
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
    ($name:ident { $($place:literal $branch:ident by $marks:expr,)* }) => {
        impl<'de> $crate::record::Deserialize<'de> for $name {
            fn deserialize<__Json: $crate::record::Deserializer<'de>>(
                json: __Json,
            ) -> ::std::result::Result<Self, __Json::Error> {
                const MARKS: &[$crate::union::Marks] = {
                    use $crate::union::words::*;
                    &[$($marks),*]
                };
                let any = $crate::record::any(json)?;
                for place in $crate::union::likeliest(&any, MARKS) {
                    let value = match place {
                        $($place => $crate::record::branch(&any).map(Self::$branch),)*
                        _ => ::std::option::Option::None,
                    };
                    if let ::std::option::Option::Some(value) = value {
                        return ::std::result::Result::Ok(value);
                    }
                }
                ::std::result::Result::Err($crate::record::no_branch(::std::stringify!($name)))
            }
        }
        $crate::union_of!(@write $name { $($branch),* });
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
