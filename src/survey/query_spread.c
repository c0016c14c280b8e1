#include "survey/query_spread.h"

#include <math.h>

#define NORMAL_QUARTILE 0.6745  /* of the normal distribution: its MAD in standard deviations */
#define NORMAL_MEAN_DISTANCE 1.2533 /* its standard deviation in mean distances: square root of pi / 2 */

static double scale(double figure) { return figure < 0 ? -log10(1 - figure) : log10(1 + figure); }

/* Between two figures where the share falls between them. */
static double quantile(const double *figures, size_t count, double share) {
  double at = share * (double)(count - 1);
  size_t below = (size_t)at;
  if (below + 1 >= count) return figures[count - 1];
  return figures[below] + (at - (double)below) * (figures[below + 1] - figures[below]);
}

/* The distances from the middle grow to the left and to the right of it, so the smaller of the two next ones comes next. */
static void walk_distances(const double *figures, size_t count, double middle, double *median, double *mean) {
  size_t right = 0, taken = 0;
  double sum = 0, lower = 0, upper = 0;
  while (right < count && scale(figures[right]) < middle) right++;
  for (size_t left = right; taken < count; taken++) {
    double to_left = left > 0 ? middle - scale(figures[left - 1]) : INFINITY;
    double to_right = right < count ? scale(figures[right]) - middle : INFINITY;
    double distance = fmin(to_left, to_right);
    if (to_left <= to_right) left--;
    else right++;
    if (taken == (count - 1) / 2) lower = distance;
    if (taken == count / 2) upper = distance;
    sum += distance;
  }
  *median = (lower + upper) / 2;
  *mean = sum / (double)count;
}

struct query_spread query_spread_of(const double *figures, size_t count) {
  double median_distance, mean_distance;
  struct query_spread spread = {
      .count = count,
      .median = quantile(figures, count, 0.5),
      .low = quantile(figures, count, 0.25),
      .high = quantile(figures, count, 0.75),
      .middle = (scale(figures[(count - 1) / 2]) + scale(figures[count / 2])) / 2,
  };
  walk_distances(figures, count, spread.middle, &median_distance, &mean_distance);
  spread.by_mean = median_distance <= 0;
  spread.unit = spread.by_mean ? NORMAL_MEAN_DISTANCE * mean_distance : median_distance / NORMAL_QUARTILE;
  return spread;
}

double query_spread_score(const struct query_spread *spread, double figure) {
  return spread->unit > 0 ? (scale(figure) - spread->middle) / spread->unit : 0;
}

bool query_spread_is_unusual(const struct query_spread *spread, double figure) {
  if (spread->count < QUERY_SPREAD_MIN || fabs(query_spread_score(spread, figure)) <= QUERY_SPREAD_BOUND) return false;
  return !spread->by_mean || fabs(figure - spread->median) >= QUERY_SPREAD_APART;
}
