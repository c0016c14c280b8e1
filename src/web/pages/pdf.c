/* A response on paper. Pages are made by a process of their own (paper/press.h) into a temporary file, and the download
 * reads that: no worker waits for fonts. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "paper/press.h"
#include "paper/questionnaire_pdf.h"
#include "survey/collate.h"
#include "survey/work_paper.h"
#include "web/locale.h"
#include "web/pages/pages.h"

#define BLOCK 32768
#define NAME_MAX_BYTES 40

struct print {
  const struct work *work;
  bool blank;
  int language; /* of the form */
  struct paper_particulars particulars;
  const char *name; /* of the file */
  int pdf;          /* the file, -1 */
};

/* ---- what is printed */

/* The one that was asked for; without a wish the reader's, or else the questionnaire's first. */
static bool choose_language(const struct request *request, const struct form *form, int *language, struct err *err) {
  const char *wish = request_query(request, "language");
  *language = form_language(form, wish[0] != '\0' ? wish : request->language);
  return wish[0] == '\0' || strcmp(form->languages[*language], wish) == 0 ||
         err_set(err, ERR_NOT_FOUND, "no language %s", wish);
}

/* "21.11.2026 03:28", the same everywhere: a title has no room for words. */
static const char *short_time(struct request *request, int64_t ms, const char *language) {
  char iso[11];
  clock_format_date((int)locale_day(ms), iso);
  return arena_printf(request->arena, "%.2s.%.2s.%.4s %s", iso + 8, iso + 5, iso,
                      locale_time(ms, LOCALE_TIME, language, request->arena));
}

/* Letters, digits and hyphens of the text without diacritics; an abbreviation is in capitals. */
static void put_slug(const char *text, bool capitals, struct buf *out) {
  struct buf folded = {0};
  size_t start = out->len;
  collate_fold(text, &folded);
  for (const char *at = buf_text(&folded); *at != '\0' && out->len - start < NAME_MAX_BYTES; at++) {
    bool letter = *at >= 'a' && *at <= 'z';
    if (letter && capitals) buf_putc(out, (char)(*at - 'a' + 'A'));
    else if (letter || (*at >= '0' && *at <= '9')) buf_putc(out, *at);
    else if (out->len > start && out->data[out->len - 1] != '-') buf_putc(out, '-');
  }
  while (out->len > start && out->data[out->len - 1] == '-') out->data[--out->len] = '\0';
  buf_free(&folded);
}

/* VARAM-e-index-2017-self-assessment-2026-11-21.pdf */
static const char *file_name(struct request *request, const struct print *print, const struct work_paper *paper,
                             int64_t now) {
  const struct work *work = print->work;
  struct buf name = {0};
  char day[11];
  bool abbreviated = paper->abbreviation[0] != '\0';
  put_slug(abbreviated ? paper->abbreviation : work->institution_name, abbreviated, &name);
  buf_puts(&name, name.len > 0 ? "-" : "");
  put_slug(work->item.round, false, &name);
  buf_putc(&name, '-');
  put_slug(work->item.questionnaire, false, &name);
  clock_format_date((int)locale_day(now), day);
  buf_printf(&name, "%s-%s.pdf", print->blank ? "-blank" : "", day);
  const char *copy = arena_copy(request->arena, buf_text(&name));
  buf_free(&name);
  return copy;
}

static const struct paper_explanation *explanations(struct request *request, const struct work *work,
                                                    const struct work_paper *paper) {
  struct paper_explanation *list = arena_array(request->arena, work->state->violation_count + 1, sizeof *list);
  for (size_t i = 0; i < work->state->violation_count; i++) {
    if (paper->confirmations[i] == NULL) continue;
    list[i] = (struct paper_explanation){paper->confirmations[i]->comment, paper->confirmations[i]->person};
  }
  return list;
}

static void describe(struct request *request, struct print *print, const struct work_paper *paper) {
  const struct work_item *item = &print->work->item;
  struct paper_particulars *its = &print->particulars;
  const char *language = item->form->languages[print->language];
  int64_t now = clock_now_ms();
  char *iso = arena_alloc(request->arena, 25);
  clock_iso(now, iso);
  print->name = file_name(request, print, paper, now);
  its->institution = print->work->institution_name;
  its->round = paper->round_title;
  its->created = iso;
  its->printed = short_time(request, now, language);
  its->status = print->blank ? PAPER_BLANK : item->status == RESPONSE_SUBMITTED ? PAPER_SUBMITTED : PAPER_DRAFT;
  if (print->blank) return;
  its->people = paper->people;
  its->people_count = paper->people_count;
  its->explanations = explanations(request, print->work, paper);
  if (its->status == PAPER_DRAFT) {
    its->revision = arena_printf(request->arena, "%lld", (long long)item->revision);
    return;
  }
  its->submitted_when = locale_time(item->submitted_ms, LOCALE_MOMENT, language, request->arena);
  its->submitted_by = item->submitted_by;
  its->receipt = item->receipt;
  its->checksum = paper->checksum;
  its->receipt_address =
      arena_printf(request->arena, "%s/r/%lld/receipt", request->app->base_url, (long long)item->response);
}

/* ---- the download */

static bool write_pdf(void *context, const void *bytes, size_t len, struct err *err) {
  const struct print *print = context;
  if (file_put(print->pdf, bytes, len)) return true;
  bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  return err_set(err, full ? ERR_FULL : ERR_SYSTEM, "cannot keep the PDF: %s", strerror(errno));
}

/* In a thread of its own; what it reads lies in the request's arena. */
static bool run_print(struct db *none, struct request *request, void *context, struct err *err) {
  struct print *print = context;
  (void)none, (void)request;
  int manuscript = questionnaire_manuscript(print->work->item.form, print->language,
                                            print->blank ? NULL : print->work->state, &print->particulars, err);
  if (manuscript < 0) return false;
  print->pdf = file_temporary(err);
  bool ok = print->pdf >= 0 && press_print(manuscript, write_pdf, print, err);
  if (ok && lseek(print->pdf, 0, SEEK_SET) != 0) ok = err_set(err, ERR_SYSTEM, "cannot read the PDF: %s", strerror(errno));
  close(manuscript);
  return ok;
}

static bool read_pdf(void *context, struct buf *out, bool *done, struct err *err) {
  const struct print *print = context;
  ssize_t got = read(print->pdf, buf_reserve(out, BLOCK), BLOCK);
  if (got < 0 && errno == EINTR) return true;
  if (got < 0) return err_set(err, ERR_SYSTEM, "cannot read the PDF: %s", strerror(errno));
  out->len += (size_t)got;
  *done = got == 0;
  return true;
}

static void drop_print(void *context) {
  struct print *print = context;
  if (print->pdf >= 0) close(print->pdf);
  print->pdf = -1;
}

static void send_print(struct request *request, void *context, const struct err *err) {
  struct print *print = context;
  if (err->code == ERR_NONE) {
    reply_stream(request, "application/pdf", print->name, read_pdf, drop_print, print);
    return;
  }
  drop_print(print);
  reply_error(request, err);
}

void page_pdf(struct request *request) {
  struct err err = {0};
  struct work_paper paper;
  struct work *work = open_response(request);
  if (work == NULL) return;
  const struct form *form = work->item.form;
  struct print *print = arena_alloc(request->arena, sizeof *print);
  print->work = work;
  print->pdf = -1;
  print->blank = strcmp(request_query(request, "blank"), "1") == 0;
  bool ok = choose_language(request, form, &print->language, &err) &&
            work_paper(request_db(request), work, form->languages[print->language], request->arena, &paper, &err);
  if (!ok) {
    reply_error(request, &err);
    return;
  }
  describe(request, print, &paper);
  request_work(request, run_print, send_print, drop_print, print);
}
