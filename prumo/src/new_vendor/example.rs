//! Holds the made-up operation of a new vendor: its spec, a successful response and a refusal.

use crate::clock;

/// The operation's id.
pub(super) const OPERATION: &str = "read_item";

/// Returns the spec of vendor `name`.
pub(super) fn spec(name: &str) -> String {
    SPEC.replace("NAME", name).replace("DATE", &clock::today().to_string())
}

const SPEC: &str = r##"# What we believe of NAME. The operation below is made up, so that every step can be tried: replace
# it by what the vendor's pages say and its answers show.
openapi: 3.0.3
info:
  title: NAME
  version: "1"
servers:
  - url: https://NAME.example
security:
  - bearer: []
# The member of a refusal that has the vendor's sentence.
x-envelope: {message: /message}
paths:
  /items/{id}:
    get:
      operationId: read_item
      tags: [Items]
      summary: Read an item
      x-source:
        page: made up by `prumo new-vendor`
        date: DATE
      parameters:
        - name: id
          in: path
          required: true
          x-evidence: documented
          schema: {type: string}
      responses:
        "200":
          description: The item.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Item"}
        "404":
          description: The item is not there.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Refusal"}
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer}
  schemas:
    Item:
      type: object
      required: [id, title]
      properties:
        id: {type: string, x-evidence: documented}
        title: {type: string, x-evidence: documented}
        created_on: {type: string, format: date, x-evidence: documented}
    Refusal:
      type: object
      required: [message]
      properties:
        message: {type: string, x-evidence: documented}
"##;

/// The fixtures, by file name.
pub(super) const FIXTURES: [(&str, &str); 2] =
    [("good_answer.json", GOOD_ANSWER), ("refusal.json", REFUSAL)];

const GOOD_ANSWER: &str = r#"{
  "origin": "synthetic",
  "source": "made up by `prumo new-vendor`",
  "operation": "read_item",
  "request": {
    "method": "GET",
    "path": "/items/7",
    "query": {},
    "headers": {"accept": "application/json", "authorization": "Bearer {token}"}
  },
  "response": {
    "status": 200,
    "headers": {"content-type": "application/json"},
    "body": {"id": "7", "title": "A first item", "created_on": "2026-11-22"}
  }
}
"#;

const REFUSAL: &str = r#"{
  "origin": "synthetic",
  "source": "made up by `prumo new-vendor`",
  "operation": "read_item",
  "request": {
    "method": "GET",
    "path": "/items/8",
    "query": {},
    "headers": {"accept": "application/json", "authorization": "Bearer {token}"}
  },
  "response": {
    "status": 404,
    "headers": {"content-type": "application/json"},
    "body": {"message": "There is no such item."}
  }
}
"#;
