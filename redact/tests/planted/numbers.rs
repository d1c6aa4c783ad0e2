//! Makes numbers of documents and payments; check digits are computed by the issuers' rules, apart
//! from the code under test.

use super::random::Random;

pub(crate) const DIGITS: &str = "0123456789";
pub(crate) const CAPITALS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

fn weighted(number: &str, weights: &[u32]) -> u32 {
    number.bytes().zip(weights).map(|(byte, weight)| (u32::from(byte) - 48) * weight).sum()
}

fn by_11(sum: u32) -> u32 {
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    }
}

/// Writes digits into the places of `9` in a mask.
pub(crate) fn masked(mask: &str, digits: &str) -> String {
    let mut digits = digits.chars();
    mask.chars().map(|c| if c == '9' { digits.next().unwrap_or(c) } else { c }).collect()
}

pub(crate) fn cpf(random: &mut Random) -> String {
    let mut cpf = random.digits(9);
    cpf += &by_11(weighted(&cpf, &[10, 9, 8, 7, 6, 5, 4, 3, 2])).to_string();
    let last = by_11(weighted(&cpf, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]));
    cpf + &last.to_string()
}

pub(crate) fn cnpj(random: &mut Random, alphabet: &str) -> String {
    let mut cnpj = random.of(alphabet, 8) + "00" + &random.number(2);
    cnpj += &by_11(weighted(&cnpj, &[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])).to_string();
    let last = by_11(weighted(&cnpj, &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
    cnpj + &last.to_string()
}

pub(crate) fn pis(random: &mut Random) -> String {
    let base = random.number(10);
    let last = by_11(weighted(&base, &[3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
    base + &last.to_string()
}

pub(crate) fn voter(random: &mut Random) -> String {
    let serial = random.number(8);
    let state = format!("{:02}", 3 + random.below(25));
    let one = |sum: u32| if sum % 11 == 10 { 0 } else { sum % 11 };
    let first = one(weighted(&serial, &[2, 3, 4, 5, 6, 7, 8, 9]));
    let second = one(weighted(&state, &[7, 8]) + first * 9);
    format!("{serial}{state}{first}{second}")
}

pub(crate) fn health_card(random: &mut Random) -> String {
    loop {
        let base = format!("7{}", random.digits(13));
        let weights: Vec<u32> = (2..=15).rev().collect();
        let check = (11 - weighted(&base, &weights) % 11) % 11;
        if check < 10 {
            return base + &check.to_string();
        }
    }
}

pub(crate) fn lawsuit(random: &mut Random) -> String {
    let serial = random.digits(7);
    let place =
        format!("{}8{:02}{:04}", 2008 + random.below(18), 1 + random.below(27), random.below(999));
    let rest = format!("{serial}{place}00")
        .bytes()
        .fold(0u64, |rest, byte| (rest * 10 + u64::from(byte - 48)) % 97);
    format!(
        "{serial}-{:02}.{}.{}.{}.{}",
        98 - rest,
        &place[..4],
        &place[4..5],
        &place[5..7],
        &place[7..]
    )
}

fn luhn(before: &str) -> u32 {
    let doubled = |(index, c): (usize, char)| {
        let digit = c.to_digit(10).expect("a digit") * if index % 2 == 0 { 2 } else { 1 };
        digit / 10 + digit % 10
    };
    (10 - before.chars().rev().enumerate().map(doubled).sum::<u32>() % 10) % 10
}

pub(crate) fn card(random: &mut Random) -> String {
    let base = random.pick(&["4", "51", "53", "55", "6362", "5067"]).to_owned();
    let base = base.clone() + &random.digits(15 - base.len());
    let check = luhn(&base);
    base + &check.to_string()
}

pub(crate) fn boleto_line(random: &mut Random) -> String {
    let field = |digits: &str| format!("{}.{}{}", &digits[..5], &digits[5..], luhn(digits));
    let bank = random.pick(&["001", "237", "341", "104"]);
    let (a, b, c) = (format!("{bank}9{}", random.digits(5)), random.digits(10), random.digits(10));
    let value = format!("{}{}", 1000 + random.below(8999), random.number(8));
    format!("{} {} {} {} {}00", field(&a), field(&b), field(&c), 1 + random.below(9), value)
}

pub(crate) fn bar_code(random: &mut Random) -> String {
    random.pick(&["0019", "2379", "3419"]).to_owned() + &random.number(40)
}

pub(crate) fn pix_code(random: &mut Random, name: &str) -> String {
    let key = uuid(random);
    let name: String = name.chars().filter(char::is_ascii).take(25).collect();
    let account = format!("0014br.gov.bcb.pix0136{key}");
    format!(
        "00020126{}{account}52040000530398654{:02}{}.905802BR59{:02}{name}6008BRASILIA62070503***6304{}",
        account.len(),
        6,
        random.number(3),
        name.len(),
        random.of("0123456789ABCDEF", 4)
    )
}

pub(crate) fn uuid(random: &mut Random) -> String {
    let mut part = |n: usize| random.of("0123456789abcdef", n);
    format!("{}-{}-4{}-a{}-{}", part(8), part(4), part(3), part(3), part(12))
}
