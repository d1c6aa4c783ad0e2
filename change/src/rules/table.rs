//! Holds the table of rules.

use super::RuleRow;
use crate::effect::Effect;
use crate::effect::Semver::{Major, Minor, Patch};
use crate::effect::Severity::{Breaking, Compatible, Risky};

/// Writes the enum of rules and its rows. A row is the rule, its name, the effects on callers who
/// send and who receive the value (`-` if they notice nothing), its sentence and its remedy.
macro_rules! rules {
    ($($rule:ident $name:literal ($($sent:tt)*) ($($received:tt)*) $sentence:literal $remedy:literal;)*) => {
        /// The name of a rule, from the closed vocabulary of all reports.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $sentence] $rule,)*
        }

        impl Rule {
            /// Every rule, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$rule),*];

            /// Returns the row of the table.
            pub fn row(self) -> &'static RuleRow {
                match self {
                    $(Self::$rule => &RuleRow {
                        rule: Self::$rule,
                        name: $name,
                        sent: rules!(@ $($sent)*),
                        received: rules!(@ $($received)*),
                        sentence: $sentence,
                        remedy: $remedy,
                    },)*
                }
            }
        }
    };
    (@ -) => { None };
    (@ $severity:ident $semver:ident) => { Some(Effect { severity: $severity, semver: $semver }) };
}

rules! {
    // Documents.
    ServerChanged "server-changed" (Risky Patch) (Risky Patch)
        "Calls go to another base URL."
        "Check that callers who set no base URL may go there.";
    ServerRemoved "server-removed" (Breaking Major) (Breaking Major)
        "The client has no default base URL any more."
        "Set `base_url` where the client is built.";
    SchemaRenamed "schema-renamed" (Breaking Major) (Breaking Major)
        "A schema has another name, so its Rust type has another name."
        "Use the new name, or keep the old one in the document.";

    // Operations.
    OperationAdded "operation-added" (Compatible Minor) (Compatible Minor)
        "The client has a new method."
        "Nothing to do.";
    OperationRemoved "operation-removed" (Breaking Major) (Breaking Major)
        "The client loses a method."
        "Replace the calls before you update.";
    OperationRenamed "operation-renamed" (Breaking Major) (Breaking Major)
        "The operation has another name, so its method has another name."
        "Call the new method, or keep the old `operationId`.";
    OperationMoved "operation-moved" (Breaking Patch) (Breaking Patch)
        "The operation has another method or path."
        "Update the crate: callers of the old one ask the old address.";
    OperationDeprecated "operation-deprecated" (Compatible Patch) (Compatible Patch)
        "The vendor deprecates the operation."
        "Plan to replace its calls.";
    OperationReactivated "operation-reactivated" (Compatible Patch) (Compatible Patch)
        "The operation is no longer deprecated."
        "Nothing to do.";
    SunsetChanged "sunset-changed" (Risky Patch) (Risky Patch)
        "The date of the end (`x-sunset`) is earlier, or no longer stated."
        "Plan to replace the calls by that date.";
    StabilityDecreased "stability-decreased" (Risky Patch) (Risky Patch)
        "The vendor promises less stability (`x-stability-level`)."
        "Expect more changes.";

    // Credentials.
    CredentialRequired "credential-required" (Breaking Minor) (Breaking Minor)
        "A call needs a credential that it did not need."
        "Set the credential where the client is built.";
    CredentialRelaxed "credential-relaxed" (Compatible Patch) (Compatible Patch)
        "A call needs fewer credentials, or one of more alternatives."
        "Nothing to do.";
    CredentialRemoved "credential-removed" (Breaking Major) (Breaking Major)
        "No operation uses the credential any more, so the client has no method to set it."
        "Remove the call that sets it.";
    CredentialMoved "credential-moved" (Breaking Patch) (Breaking Patch)
        "The credential is sent in another place."
        "Update the crate: the old one sends it to the old place.";
    CredentialReplaced "credential-replaced" (Breaking Major) (Breaking Major)
        "The credential is of another kind, which the client takes in another way."
        "Set the new credential where the client is built.";
    ScopesChanged "scopes-changed" (Risky Patch) (Risky Patch)
        "A call needs other scopes of a token."
        "Request the scopes for the tokens in use.";

    // Extensions.
    EnvelopeChanged "envelope-changed" (Breaking Major) (Breaking Major)
        "Success and failure, or the payload, are read in another way."
        "Check what each call returns now.";
    MessagePlaceChanged "message-place-changed" (Risky Patch) (Risky Patch)
        "The message of a failure is read from another place."
        "Check the texts that users see.";
    PagingAdded "paging-added" (Compatible Minor) (Compatible Minor)
        "The client can read the list page by page."
        "Nothing to do.";
    PagingRemoved "paging-removed" (Breaking Major) (Breaking Major)
        "The client can no longer read the list page by page."
        "Set the parameters of the page yourself.";
    PagingChanged "paging-changed" (Risky Patch) (Risky Patch)
        "The pages of the list are requested or recognized in another way."
        "Check that all pages are read.";
    PagedItemsMoved "paged-items-moved" (Breaking Major) (Breaking Major)
        "The items of the pages stand in another place, so they may have another type."
        "Check the type of the items.";
    RateLimitLowered "rate-limit-lowered" (Risky Patch) (Risky Patch)
        "Fewer requests are allowed, so calls wait longer for their turn."
        "Check the time limits of jobs with many calls.";
    RateLimitRaised "rate-limit-raised" (Compatible Patch) (Compatible Patch)
        "More requests are allowed."
        "Nothing to do.";
    RequestSizeLowered "request-size-lowered" (Breaking Major) (Breaking Major)
        "The client refuses request bodies that it used to send."
        "Send smaller bodies.";
    RequestSizeRaised "request-size-raised" (Compatible Patch) (Compatible Patch)
        "Larger request bodies are allowed."
        "Nothing to do.";
    WebhookAdded "webhook-added" (Compatible Minor) (Compatible Minor)
        "The vendor makes a new call."
        "Nothing to do.";
    WebhookRemoved "webhook-removed" (Breaking Major) (Breaking Major)
        "The vendor no longer makes a call, and its type is gone."
        "Remove its receiver.";

    // Parameters.
    ParameterAdded "parameter-added" (Compatible Minor) (Compatible Minor)
        "A request may have a new parameter."
        "Nothing to do.";
    RequiredParameterAdded "required-parameter-added" (Breaking Major) (Breaking Major)
        "A request must have a new parameter."
        "Set the parameter in every call.";
    ParameterRemoved "parameter-removed" (Breaking Major) (Breaking Major)
        "The parameter is gone, and so is the method that sets it."
        "Remove it from the calls.";
    ParameterRenamed "parameter-renamed" (Breaking Major) (Breaking Major)
        "A placeholder of the path has another name, and so has the method that sets it."
        "Call the method of the new name.";
    ParameterBecameRequired "parameter-became-required" (Breaking Major) (Breaking Major)
        "A call without the parameter fails."
        "Set the parameter in every call.";
    ParameterBecameOptional "parameter-became-optional" (Compatible Patch) (Compatible Patch)
        "The parameter may be left out."
        "Nothing to do.";
    ParameterDefaultChanged "parameter-default-changed" (Breaking Patch) (Breaking Patch)
        "A call without the parameter means something else."
        "Set the parameter where the old default is meant.";
    ParameterStyleChanged "parameter-style-changed" (Breaking Patch) (Breaking Patch)
        "The value of the parameter is written in another way."
        "Update the crate: the old one writes it in the old way.";
    ParameterDeprecated "parameter-deprecated" (Compatible Patch) (Compatible Patch)
        "The vendor deprecates the parameter."
        "Plan to do without it.";
    ParameterReactivated "parameter-reactivated" (Compatible Patch) (Compatible Patch)
        "The parameter is no longer deprecated."
        "Nothing to do.";

    // Request bodies.
    BodyAdded "body-added" (Compatible Minor) (Compatible Minor)
        "A request may have a body."
        "Nothing to do.";
    RequiredBodyAdded "required-body-added" (Breaking Major) (Breaking Major)
        "A request must have a body."
        "Set the body in every call.";
    BodyRemoved "body-removed" (Breaking Major) (Breaking Major)
        "A request has no body any more."
        "Remove the body from the calls.";
    BodyBecameRequired "body-became-required" (Breaking Patch) (Breaking Patch)
        "A request without the body is refused."
        "Update the crate, which always sends it.";
    BodyBecameOptional "body-became-optional" (Compatible Patch) (Compatible Patch)
        "The body may be left out."
        "Nothing to do.";
    BodyKindChanged "body-kind-changed" (Breaking Major) (Breaking Major)
        "The client sends the body as another kind of content."
        "Check the type of the body in every call.";

    // Media types.
    MediaTypeAdded "media-type-added" (Compatible Patch) (Compatible Patch)
        "A body may be of one more media type."
        "Nothing to do.";
    MediaTypeRemoved "media-type-removed" (Breaking Patch) (Breaking Patch)
        "A body can't be of a media type any more."
        "Update the crate; who asks for the media type by hand gets another.";
    MediaTypeSchemaAdded "media-type-schema-added" (Breaking Major) (Compatible Major)
        "A body of any JSON has a schema now, so it has another Rust type."
        "Use the new type.";
    MediaTypeSchemaRemoved "media-type-schema-removed" (Compatible Major) (Breaking Major)
        "A body has no schema any more, so it has another Rust type."
        "Read the body as untyped JSON.";

    // Responses.
    SuccessAdded "success-added" (Compatible Patch) (Compatible Patch)
        "A call may succeed with one more status."
        "Nothing to do.";
    SuccessRemoved "success-removed" (Breaking Patch) (Breaking Patch)
        "A call no longer succeeds with a status."
        "Check code that looks at the status.";
    RefusalAdded "refusal-added" (Compatible Patch) (Compatible Patch)
        "A refusal with one more status is described."
        "Nothing to do.";
    RefusalRemoved "refusal-removed" (Compatible Patch) (Compatible Patch)
        "A refusal is no longer described."
        "Nothing to do.";
    AnswerTypeChanged "answer-type-changed" (Breaking Major) (Breaking Major)
        "A call returns another kind of value: JSON, bytes, nothing, or one by status."
        "Use the new type.";
    HeaderAdded "header-added" (Compatible Patch) (Compatible Patch)
        "A response may have a new header."
        "Nothing to do.";
    HeaderRemoved "header-removed" (Risky Patch) (Risky Patch)
        "A response no longer has a header that it might have."
        "Do without it.";
    RequiredHeaderRemoved "required-header-removed" (Breaking Patch) (Breaking Patch)
        "A response no longer has a header that it always had."
        "Do without it.";
    HeaderBecameOptional "header-became-optional" (Breaking Patch) (Breaking Patch)
        "A response may lack a header that it always had."
        "Expect its absence.";
    HeaderTypeChanged "header-type-changed" (Breaking Patch) (Breaking Patch)
        "The text of a header is of another form."
        "Check the code that reads it.";

    // Members of objects.
    PropertyAdded "property-added" (Compatible Minor) (Compatible Minor)
        "An object has a new optional member."
        "Nothing to do.";
    RequiredPropertyAdded "required-property-added" (Breaking Major) (Compatible Minor)
        "An object has a new required member."
        "Set it wherever the object is sent.";
    PropertyRemoved "property-removed" (Breaking Major) (Breaking Major)
        "A member is gone, and so is its field."
        "Do without it.";
    PropertyBecameRequired "property-became-required" (Breaking Major) (Breaking Major)
        "A member is required, so its field is no longer an `Option`."
        "Set it wherever the object is sent; remove the code for its absence.";
    PropertyBecameOptional "property-became-optional" (Breaking Major) (Breaking Major)
        "A member is optional, so its field is an `Option`."
        "Expect its absence; `new` no longer takes it.";
    NullablePropertyBecameRequired "nullable-property-became-required" (Breaking Major) (Compatible Patch)
        "A member that may be null is required."
        "Set it wherever the object is sent; a received one was an `Option` before.";
    NullablePropertyBecameOptional "nullable-property-became-optional" (Breaking Major) (Breaking Patch)
        "A member that may be null is optional."
        "Update the crate: the old one can't decode an object without it.";
    PropertyDeprecated "property-deprecated" (Compatible Patch) (Compatible Patch)
        "The vendor deprecates a member."
        "Plan to do without it.";
    PropertyReactivated "property-reactivated" (Compatible Patch) (Compatible Patch)
        "A member is no longer deprecated."
        "Nothing to do.";
    DirectionChanged "direction-changed" (Compatible Patch) (Compatible Patch)
        "A member is marked `readOnly` or `writeOnly`, or no longer."
        "Send or expect it in the other direction only.";
    RequiredReordered "required-reordered" (Breaking Major) (-)
        "The required members stand in another order, and so do the arguments of `new`."
        "Keep the old order, or check every call of `new`: texts may be swapped without an error.";
    UnnamedMembersAllowed "unnamed-members-allowed" (Compatible Minor) (Compatible Patch)
        "An object may have members without a name in the document."
        "Nothing to do.";
    UnnamedMembersForbidden "unnamed-members-forbidden" (Breaking Major) (-)
        "An object can't have members without a name in the document, so `extra` is gone."
        "Send only the members of the document.";

    // Types.
    TypeChanged "type-changed" (Breaking Major) (Breaking Major)
        "A value is of another type, which is another Rust type."
        "Use the new type.";
    BecameNullable "became-nullable" (Compatible Major) (Breaking Major)
        "A value may be null, so its type is an `Option`."
        "Expect null.";
    BecameNotNullable "became-not-nullable" (Breaking Major) (Breaking Major)
        "A value can't be null, so its type is no longer an `Option`."
        "Never send null; remove the code for it.";
    OptionalBecameNullable "optional-became-nullable" (Compatible Minor) (Breaking Patch)
        "An optional member may also be null."
        "Expect null; a typed caller has `None` for both.";
    OptionalBecameNotNullable "optional-became-not-nullable" (Breaking Major) (Compatible Patch)
        "An optional member can't be null any more."
        "Leave it out instead.";
    FormatChanged "format-changed" (Breaking Patch) (Breaking Patch)
        "A text has another format, and the same Rust type."
        "Check the code that writes or reads the text.";
    FormatAdded "format-added" (Breaking Patch) (-)
        "A text must have a format."
        "Check the code that writes the text.";
    FormatRemoved "format-removed" (Compatible Patch) (Breaking Patch)
        "A text need not have a format."
        "Check the code that reads the text.";
    SecretChanged "secret-changed" (Compatible Patch) (Compatible Patch)
        "A value is marked as a secret, or no longer."
        "Nothing to do.";

    // Values.
    EnumValueAdded "enum-value-added" (Compatible Minor) (Risky Minor)
        "An enum has a new value, which the old client keeps as `Unknown`."
        "Handle the value.";
    ExpectedEnumValueAdded "expected-enum-value-added" (Compatible Minor) (Compatible Minor)
        "An enum that expects new values has one."
        "Handle the value if it matters.";
    ClosedEnumValueAdded "closed-enum-value-added" (Compatible Major) (Breaking Major)
        "A closed enum has a new value, which the old client can't decode and no `match` has."
        "Handle the value.";
    EnumValueRemoved "enum-value-removed" (Breaking Major) (Breaking Major)
        "An enum has lost a value, and its variant is gone."
        "Do without the value.";
    EnumVariantRenamed "enum-variant-renamed" (Breaking Major) (Breaking Major)
        "A value has another Rust name (`x-enum-varnames`)."
        "Use the new name.";
    EnumClosed "enum-closed" (Breaking Major) (Breaking Major)
        "An enum no longer keeps unknown values."
        "Remove the code for `Unknown`.";
    EnumOpened "enum-opened" (Breaking Major) (Breaking Major)
        "An enum keeps unknown values."
        "Handle `Unknown`.";
    ExampleValueRemoved "example-value-removed" (Breaking Patch) (Compatible Patch)
        "An open list of values (`x-extensible-enum`), which is a plain type in Rust, has lost one."
        "Do without the value.";
    BecameEnum "became-enum" (Breaking Minor) (Breaking Major)
        "A value is restricted to a list, so its type is an enum."
        "Use the enum.";
    NoLongerEnum "no-longer-enum" (Breaking Major) (Breaking Major)
        "A value is no longer restricted to a list, so its type is not an enum."
        "Use the plain type.";
    BoundNarrowed "bound-narrowed" (Breaking Patch) (-)
        "A limit is narrower."
        "Send only values within it.";
    BoundAdded "bound-added" (Risky Patch) (-)
        "A value has a limit that it did not have."
        "Send only values within it.";
    BoundWidened "bound-widened" (Compatible Patch) (Breaking Patch)
        "A limit is wider."
        "Expect values beyond the old one.";
    BoundRemoved "bound-removed" (Compatible Patch) (Breaking Patch)
        "A value has no limit any more."
        "Expect values beyond the old one.";
    PatternChanged "pattern-changed" (Risky Patch) (Risky Patch)
        "A text must match another pattern."
        "Check the code that writes or reads the text.";
    PatternAdded "pattern-added" (Breaking Patch) (-)
        "A text must match a pattern."
        "Send only texts that match.";
    PatternRemoved "pattern-removed" (Compatible Patch) (Risky Patch)
        "A text need not match a pattern."
        "Expect other texts.";
    DefaultChanged "default-changed" (Risky Patch) (Compatible Patch)
        "A member that is left out means something else."
        "Set it where the old default is meant.";
    KeywordChanged "keyword-changed" (Risky Patch) (Risky Patch)
        "A keyword changed whose effect can't be decided: `not`, or one of another dialect."
        "Read both documents.";

    // Branches.
    PartsChanged "parts-changed" (Risky Patch) (Compatible Patch)
        "A value must fit other schemas (`allOf`); a change of a member is listed on its own."
        "Check values that are sent with members of the other schemas.";
    BranchAdded "branch-added" (Compatible Minor) (Breaking Major)
        "A value may fit one more branch of a `oneOf` or `anyOf`."
        "Handle the new variant.";
    BranchRemoved "branch-removed" (Breaking Major) (Breaking Major)
        "A value can't fit a branch of a `oneOf` or `anyOf` any more, and its variant is gone."
        "Remove the variant.";
    DiscriminatorChanged "discriminator-changed" (Breaking Major) (Breaking Major)
        "Another member tells the branches apart."
        "Check the code that builds or reads the value.";
    MappingChanged "mapping-changed" (Risky Patch) (Risky Patch)
        "The values that tell the branches apart changed."
        "Check the code that builds or reads the value.";
}
