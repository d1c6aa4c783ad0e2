//! Tests that a write with an unknown outcome is searched for before it is sent again.

use std::cell::RefCell;
use std::time::Duration;

use prumo_runtime::{Error, SendOrFind, send_or_find};

use crate::beta::{Beta, Order, SECRET, setup};
use crate::clock::FakeClock;
use crate::everything_printed;
use crate::script::{Scripted, Step, json};

/// The outcome of one request.
#[derive(Clone, Copy, Debug)]
enum Comes {
    /// It succeeds.
    Order,
    /// The connection breaks off.
    Cut,
    Refusal,
    /// A search finds nothing.
    Nothing,
}

use Comes::{Cut, Nothing, Refusal};

fn answer(comes: Comes) -> Vec<Step> {
    match comes {
        Comes::Order => {
            vec![Step::Read, Step::Send(json(200, r#"{"erro":false,"data":{"id":7}}"#))]
        }
        Cut => vec![Step::Read],
        Refusal => {
            vec![Step::Read, Step::Send(json(422, r#"{"erro":true,"mensagem":"duplicado"}"#))]
        }
        Nothing => {
            vec![Step::Read, Step::Send(json(404, r#"{"erro":true,"mensagem":"inexistente"}"#))]
        }
    }
}

/// The outcomes of all requests, the maximum number of attempts, and the expected calls and result.
struct Row {
    name: &'static str,
    comes: &'static [Comes],
    attempts: u32,
    lines: &'static [&'static str],
    slept: &'static [f64],
    error: Option<&'static str>,
    is_unknown: bool,
}

const SEND: &str = "POST /orders";
const LOOK: &str = "GET /orders/7";

const FINE: Row = Row {
    name: "it works",
    comes: &[Comes::Order],
    attempts: 2,
    lines: &[SEND],
    slept: &[],
    error: None,
    is_unknown: false,
};
const FAILED: Row = Row {
    name: "it is refused",
    comes: &[Refusal],
    error: Some("`createOrder`: the vendor refused with status 422: duplicado"),
    ..FINE
};

const ROWS: &[Row] = &[
    FINE,
    FAILED,
    Row { name: "found", comes: &[Cut, Comes::Order], lines: &[SEND, LOOK], slept: &[5.0], ..FINE },
    Row {
        name: "not there, and sent again",
        comes: &[Cut, Nothing, Comes::Order],
        lines: &[SEND, LOOK, SEND],
        slept: &[5.0],
        ..FINE
    },
    Row {
        name: "not there, cut again, and found",
        comes: &[Cut, Nothing, Cut, Comes::Order],
        lines: &[SEND, LOOK, SEND, LOOK],
        slept: &[5.0, 10.0],
        ..FINE
    },
    Row {
        name: "not there, refused because it was there after all",
        comes: &[Cut, Nothing, Refusal, Comes::Order],
        lines: &[SEND, LOOK, SEND, LOOK],
        slept: &[5.0, 10.0],
        ..FINE
    },
    Row {
        name: "not there, and not to be sent twice",
        comes: &[Cut, Nothing],
        attempts: 1,
        lines: &[SEND, LOOK],
        slept: &[5.0],
        error: Some("`createOrder`: the connection failed"),
        is_unknown: true,
    },
    Row {
        name: "never there",
        comes: &[Cut, Nothing, Refusal, Nothing],
        lines: &[SEND, LOOK, SEND, LOOK],
        slept: &[5.0, 10.0],
        error: Some(
            "`createOrder`: the connection failed; \
             then `createOrder`: the vendor refused with status 422: duplicado",
        ),
        is_unknown: true,
        ..FINE
    },
    Row {
        name: "not to be looked for",
        comes: &[Cut, Refusal],
        lines: &[SEND, LOOK],
        slept: &[5.0],
        error: Some(
            "`createOrder`: the connection failed; \
             then `readOrder`: the vendor refused with status 422: duplicado",
        ),
        is_unknown: true,
        ..FINE
    },
];

async fn look(client: &Beta) -> Result<Option<Order>, Error> {
    match client.read_order(7).await {
        Ok(found) => Ok(Some(found.into_inner())),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

#[tokio::test]
async fn nothing_is_sent_again_before_somebody_looked() {
    for row in ROWS {
        let name = row.name;
        let server = Scripted::playing(row.comes.iter().copied().map(answer).collect()).await;
        let clock = FakeClock::new();
        let setup = setup(&server.base_url, &clock).credential("session", SECRET);
        let client = Beta::with(setup.retry(prumo_runtime::RetryPolicy::never()));
        let careful = SendOrFind::new().attempts(row.attempts).clock(clock.clone());
        let outcome = careful
            .run(
                async || Ok(client.create_order().await?.into_inner()),
                async || look(&client).await,
            )
            .await;
        assert_eq!(server.lines(), row.lines, "row `{name}`");
        assert_eq!(clock.slept(), row.slept, "row `{name}`");
        let error = outcome.err();
        assert_eq!(error.as_ref().map(Error::to_string).as_deref(), row.error, "row `{name}`");
        assert_eq!(
            error.as_ref().is_some_and(Error::is_outcome_unknown),
            row.is_unknown,
            "row `{name}`"
        );
        assert!(
            !error.is_some_and(|error| everything_printed(&error).contains(SECRET)),
            "row `{name}`"
        );
    }
}

#[tokio::test]
async fn it_can_be_spawned_and_may_keep_state() {
    let server = Scripted::playing(vec![answer(Comes::Order)]).await;
    let client =
        Beta::with(setup(&server.base_url, &FakeClock::new()).credential("session", SECRET));
    let call = tokio::spawn(async move {
        let send = async || client.create_order().await.map(|answer| answer.id);
        send_or_find(send, async || Ok(look(&client).await?.map(|order| order.id))).await
    });
    assert_eq!(call.await.unwrap().unwrap(), 7);

    let looks = RefCell::new(0);
    let careful = SendOrFind::new().attempts(0).first_pause(Duration::ZERO);
    let never = async || Err::<(), Error>(cut().await);
    let outcome = careful.run(never, async || {
        *looks.borrow_mut() += 1;
        Ok(None)
    });
    assert!(outcome.await.unwrap_err().is_outcome_unknown());
    assert_eq!(looks.into_inner(), 1);
    assert_eq!(format!("{careful:?}"), "SendOrFind { attempts: 1, first_pause: 0ns, .. }");
}

/// Returns the error of a write with an unknown outcome.
async fn cut() -> Error {
    let server = Scripted::playing(vec![answer(Cut)]).await;
    let setup = setup(&server.base_url, &FakeClock::new()).credential("session", SECRET);
    Beta::with(setup).create_order().await.unwrap_err()
}
