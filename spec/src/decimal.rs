//! Calculates with decimal numbers as written, which is exact where floats are not.

/// `mantissa × 10^exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    mantissa: i128,
    exponent: i32,
}

impl Decimal {
    /// Returns the shortest decimal number that reads back as the float.
    pub fn of_float(float: f64) -> Option<Self> {
        let text = format!("{float:e}");
        let (digits, exponent) = text.split_once('e')?;
        let n_after_dot = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let mantissa = digits.replace('.', "").parse().ok()?;
        let exponent =
            exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(n_after_dot).ok()?)?;
        Some(Self { mantissa, exponent })
    }

    /// Returns a whole number as a decimal.
    pub fn of_int(int: i128) -> Self {
        Self { mantissa: int, exponent: 0 }
    }

    /// Returns the number if it is whole and fits 128 bits.
    pub fn to_int(self) -> Option<i128> {
        let scale = 10_i128.checked_pow(u32::try_from(self.exponent).ok()?)?;
        self.mantissa.checked_mul(scale)
    }

    /// Returns the nearest float, or infinity if the number is too large.
    pub fn to_float(self) -> f64 {
        let Self { mantissa, exponent } = self;
        // Digits with an exponent always parse as a float.
        format!("{mantissa}e{exponent}").parse().unwrap_or(f64::INFINITY)
    }

    /// Returns whether this is a whole number of steps.
    pub fn is_multiple_of(self, step: Self) -> bool {
        let (number, step_digits) = (self.mantissa.unsigned_abs(), step.mantissa.unsigned_abs());
        if number == 0 || step_digits == 0 {
            return number == 0;
        }
        let n_digits = self.exponent.abs_diff(step.exponent);
        if self.exponent < step.exponent {
            // A divisor that is too large for 128 bits is larger than the number.
            let divisor =
                10_u128.checked_pow(n_digits).and_then(|scale| scale.checked_mul(step_digits));
            return divisor.is_some_and(|divisor| number % divisor == 0);
        }
        remainder_of_shifted(number, n_digits, step_digits) == 0
    }

    /// Returns the smallest common multiple of two steps, or `None` if it is too large.
    pub fn common_multiple(self, other: Self) -> Option<Self> {
        let exponent = self.exponent.min(other.exponent);
        let scaled = |step: Self| {
            let scale = 10_u128.checked_pow(step.exponent.abs_diff(exponent))?;
            step.mantissa.unsigned_abs().checked_mul(scale)
        };
        let (one, two) = (scaled(self)?, scaled(other)?);
        let multiple = (one / greatest_divisor(one, two).max(1)).checked_mul(two)?;
        // Floats above 2^53 can't tell one step from the next.
        let mantissa = i128::try_from(multiple).ok().filter(|mantissa| *mantissa <= 1 << 53)?;
        Some(Self { mantissa, exponent })
    }
}

/// Returns the remainder of `number` followed by `n_zeros` zeros.
fn remainder_of_shifted(number: u128, n_zeros: u32, divisor: u128) -> u128 {
    let mut rest = number % divisor;
    for _ in 0..n_zeros {
        if rest == 0 {
            break;
        }
        // Steps have at most 53 bits, so ten times a remainder fits.
        rest = rest.saturating_mul(10) % divisor;
    }
    rest
}

fn greatest_divisor(one: u128, two: u128) -> u128 {
    if two == 0 { one } else { greatest_divisor(two, one % two) }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn multiples_are_exact() {
        let rows = [
            (0.0075, 0.0001, true),
            (0.00751, 0.0001, false),
            (0.3, 0.1, true),
            (1e308, 0.5, true),
            (1e308, 0.123_456_789, false),
            (4.5, 1.5, true),
            (35.0, 1.5, false),
            (-7.5, 2.5, true),
            (0.0, 0.01, true),
            (1e-300, 0.1, false),
            (7.0, 1e300, false),
        ];
        for (number, step, is_multiple) in rows {
            let (one, two) = (Decimal::of_float(number).unwrap(), Decimal::of_float(step).unwrap());
            assert_eq!(one.is_multiple_of(two), is_multiple, "{number} of {step}");
        }
    }

    #[test]
    fn steps_of_two_sides_meet() {
        let rows = [
            (2.0, 3.0, Some(6.0)),
            (0.5, 0.3, Some(1.5)),
            (4.0, 6.0, Some(12.0)),
            (1e300, 0.7, None),
        ];
        for (one, two, both) in rows {
            let met =
                Decimal::of_float(one).unwrap().common_multiple(Decimal::of_float(two).unwrap());
            assert_eq!(met.map(Decimal::to_float), both, "{one} and {two}");
        }
    }
}
