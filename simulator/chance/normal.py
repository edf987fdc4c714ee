"""The standard normal distribution, compiled."""

import math

from simulator.chance.compiled import bare


@bare
def _septic(r: float, c7: float, c6: float, c5: float, c4: float, c3: float, c2: float, c1: float, c0: float) -> float:
    """Return a polynomial of degree seven at r."""
    return ((((((c7 * r + c6) * r + c5) * r + c4) * r + c3) * r + c2) * r + c1) * r + c0


@bare
def _tail(r: float) -> float:
    """Return the size of a normal quantile in the tail from r = sqrt(-log(tail probability))."""
    if r <= 5.0:
        r -= 1.6
        numerator = _septic(
            r,
            7.74545014278341407640e-4,
            2.27238449892691845833e-2,
            2.41780725177450611770e-1,
            1.27045825245236838258,
            3.64784832476320460504,
            5.76949722146069140550,
            4.63033784615654529590,
            1.42343711074968357734,
        )
        denominator = _septic(
            r,
            1.05075007164441684324e-9,
            5.47593808499534494600e-4,
            1.51986665636164571966e-2,
            1.48103976427480074590e-1,
            6.89767334985100004550e-1,
            1.67638483018380384940,
            2.05319162663775882187,
            1.0,
        )
        return numerator / denominator
    r -= 5.0
    numerator = _septic(
        r,
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        1.24266094738807843860e-3,
        2.65321895265761230930e-2,
        2.96560571828504891230e-1,
        1.78482653991729133580,
        5.46378491116411436990,
        6.65790464350110377720,
    )
    denominator = _septic(
        r,
        2.04426310338993978564e-15,
        1.42151175831644588870e-7,
        1.84631831751005468180e-5,
        7.86869131145613259100e-4,
        1.48753612908506148525e-2,
        1.36929880922735805310e-1,
        5.99832206555887937690e-1,
        1.0,
    )
    return numerator / denominator


@bare
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of u in (0, 1), to about 1e-15 relative.

    Source: PPND16 of Wichura, "Algorithm AS 241: the percentage points of the normal distribution",
    Applied Statistics 37 (1988) 477-484. At 0 and 1 it returns minus and plus infinity; outside, NaN.
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        numerator = _septic(
            r,
            2.5090809287301226727e3,
            3.3430575583588128105e4,
            6.7265770927008700853e4,
            4.5921953931549871457e4,
            1.3731693765509461125e4,
            1.9715909503065514427e3,
            1.3314166789178437745e2,
            3.3871328727963666080,
        )
        denominator = _septic(
            r,
            5.2264952788528545610e3,
            2.8729085735721942674e4,
            3.9307895800092710610e4,
            2.1213794301586595867e4,
            5.3941960214247511077e3,
            6.8718700749205790830e2,
            4.2313330701600911252e1,
            1.0,
        )
        return q * numerator / denominator
    tail = u if q < 0.0 else 1.0 - u
    if tail > 0.0:
        size = _tail(math.sqrt(-math.log(tail)))
    elif tail == 0.0:
        size = math.inf
    else:
        size = math.nan
    return -size if q < 0.0 else size
