/* How far a figure lies from others of its kind: the robust score of Iglewicz and Hoaglin (How to Detect and Handle Outliers,
 * ASQC, 1993) on a logarithmic scale. Knows only numbers.
 *
 *   y = log10(1 + x), mirrored for negative x
 *   z = 0.6745 × (y − median of y) ÷ MAD,   MAD = median of |y − median of y|;   unusual when |z| > 3.5
 *
 * Median and MAD, since a mean and a standard deviation would be drawn to the very figures that are looked for. A logarithm,
 * since institutions differ by their size, many times over: what is unusual is a ratio, not a distance. 0.6745 makes the MAD
 * comparable with a standard deviation, and 3.5 is the authors' bound.
 *
 * When more than half of the figures are the same, the MAD is 0. Then the mean distance takes its place, z = (y − median) ÷
 * (1.2533 × mean of |y − median|), and a figure must also lie at least 10 from the median: beside many equal figures any other
 * looks far away. */
#ifndef ANKETA_SURVEY_QUERY_SPREAD_H
#define ANKETA_SURVEY_QUERY_SPREAD_H

#include <stdbool.h>
#include <stddef.h>

#define QUERY_SPREAD_MIN 8     /* fewer figures say nothing */
#define QUERY_SPREAD_BOUND 3.5 /* of |z| */
#define QUERY_SPREAD_APART 10.0

struct query_spread {
  size_t count;
  double median;    /* of the figures themselves */
  double low, high; /* the middle half lies between them: quartiles, interpolated */
  double middle;    /* median of y */
  double unit;      /* z = (y - middle) / unit; 0: all figures are the same */
  bool by_mean;     /* the MAD was 0 */
};

/* Of figures in ascending order; at least one. */
struct query_spread query_spread_of(const double *figures, size_t count);
double query_spread_score(const struct query_spread *spread, double figure); /* z; 0 where unit is */
bool query_spread_is_unusual(const struct query_spread *spread, double figure);

#endif
