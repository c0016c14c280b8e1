#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cli/cli.h"

int main(int argc, char **argv) {
  const char *clock = getenv("ANKETA_CLOCK"); /* tests move the time */
  if (clock != NULL) {
    if (!clock_follow(clock)) {
      fprintf(stderr, "anketa: ANKETA_CLOCK names no file that can be read: %s\n", clock);
      return 3;
    }
    fprintf(stderr, "anketa: the clock is moved by %s\n", clock);
  }
  return cli_run(argc, argv);
}
