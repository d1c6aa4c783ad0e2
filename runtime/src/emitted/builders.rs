//! Expands to the builders of bodies and operations.

/// Makes the builder of a body's type; each line is a setter. A field that may be null beside left
/// out names a second setter, which makes it null.
#[doc(hidden)]
#[macro_export]
macro_rules! builder {
    (
        $(#[$docs:meta])*
        pub struct $name:ident for $body:path {
            $($(#[$field_docs:meta])* $presence:ident $field:ident: $target:ty $(= $null:ident)?,)*
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
            }

            $(
            #[doc = ::std::concat!("Sends `", ::std::stringify!($field), "` as null. A field that is not set is left out.")]
            #[inline]
            pub fn $null(mut self) -> Self {
                self.$field = $crate::body::Slot::Null;
                self
            })?)*
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
                let problems = &mut $crate::body::Problems::default();
                $(let $field = value.$field.$presence(::std::stringify!($field), problems);)*
                let body = (|| ::std::option::Option::Some(Self { $($field: $field?,)* }))();
                ::std::mem::take(problems).or(body)
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

/// Sets the body of an operation: one with a builder, one without, or bytes. Each line is a field
/// of the body that can be set on the operation itself.
#[doc(hidden)]
#[macro_export]
macro_rules! body_of {
    (
        $name:ident: $target:ty, built by $builder:ty {
            $($(#[$docs:meta])* $field:ident: $field_target:ty $(= $null:ident)?,)*
        }
    ) => {
        impl $name<'_> {
            $($(#[$docs])*
            #[inline]
            pub fn $field(
                mut self,
                value: impl ::std::convert::TryInto<$field_target, Error: ::std::fmt::Display>,
            ) -> Self {
                self.body = self.body.map(|body| body.$field(value));
                self
            }

            $(
            #[doc = ::std::concat!("Sends `", ::std::stringify!($field), "` as null. A field that is not set is left out.")]
            #[inline]
            pub fn $null(mut self) -> Self {
                self.body = self.body.map(|body| body.$null());
                self
            })?)*

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
