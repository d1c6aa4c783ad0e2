//! Runs the reports that a provider writes, the examples of HubSoft's client, against the stand-in.

use std::collections::BTreeMap;

use prumo_runtime::Decimal;
use prumo_runtime::jiff::ToSpan;
use prumo_runtime::jiff::civil::{Date, date};
use prumo_standin::{Clock, Running, StandIn};

use crate::{dunning_list, expired_contracts, open_work_orders, start};

/// Returns a stand-in, a client of it, and the day of its stopped clock.
async fn provider() -> (Running, hubsoft::Client, Date) {
    let server = start(StandIn::hubsoft().clock(Clock::stopped())).await;
    let client = crate::hubsoft(&server);
    (server, client, date(2026, 1, 15))
}

#[tokio::test]
async fn a_dunning_list_has_the_exact_sum_of_each_customer() {
    let (_server, client, today) = provider().await;
    let debts = dunning_list::debts(&client, today).await.expect("debts");
    let seen: Vec<(&str, usize, Decimal, Date)> = debts
        .values()
        .map(|debt| (debt.customer.as_str(), debt.n_invoices, debt.total, debt.since))
        .collect();
    let since = today.saturating_sub(5.days());
    let total = Decimal::new(999, 1);
    assert_eq!(seen, [("ANA MODELO", 1, total, since), ("CÉLIA MODELO", 1, total, since)]);
    assert!(debts.values().all(|debt| debt.unreadable.is_empty()));
}

#[tokio::test]
async fn open_work_orders_are_listed_by_technician_and_day() {
    let (_server, client, today) = provider().await;
    let none = open_work_orders::shifts(&client, today, today).await.expect("shifts");
    assert_eq!(none, BTreeMap::new(), "nothing is planned");
    crate::open_ticket::open_ticket(&client, "12345678909", "Sem acesso").await.expect("opened");
    let tomorrow = today.saturating_add(1.day());
    crate::reschedule_work_order::reschedule(
        &client,
        2101,
        tomorrow.into(),
        "08:00:00",
        "10:00:00",
    )
    .await
    .expect("planned");
    let shifts = open_work_orders::shifts(&client, today, tomorrow).await.expect("shifts");
    let numbers: Vec<&Vec<String>> = shifts.values().collect();
    assert_eq!(numbers, [&["2101".to_owned()]]);
    assert!(shifts.keys().all(|(technician, day)| !technician.is_empty() && *day == tomorrow));
}

#[tokio::test]
async fn expired_contracts_are_listed_the_longest_ago_first() {
    let (_server, client, today) = provider().await;
    let expired = expired_contracts::expired(&client, today).await.expect("contracts");
    let seen: Vec<(&str, Date)> =
        expired.iter().map(|one| (one.customer.as_str(), one.ended)).collect();
    let (long, short) = (today.saturating_sub(400.days()), today.saturating_sub(30.days()));
    assert_eq!(seen, [("CÉLIA MODELO", long), ("BETO MODELO", short)]);
}
