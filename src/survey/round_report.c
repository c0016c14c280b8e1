#include "survey/round_report.h"

#include <string.h>

#include "store/closing.h"

enum { LV, EN, RU, LANGUAGES };

static int language_index(const char *language) {
  return strcmp(language, "en") == 0 ? EN : strcmp(language, "ru") == 0 ? RU : LV;
}

static const struct {
  const char *refusal; /* as the store has it */
  const char *words[LANGUAGES];
} comments[REPORT_COMMENTS] = {
    [REPORT_NONE] = {"", {"", "", ""}},
    [REPORT_PARTIAL] = {"", {"Daļēji aizpildīts pašvērtējums", "Self-assessment filled in partly", "Самооценка заполнена частично"}},
    [REPORT_NO_CONTACT] = {"no_contact", {"Neiesniedza kontaktpersonu", "Named no contact person", "Не назвало контактное лицо"}},
    [REPORT_NOT_FILLED] = {"", {"Neaizpildīja pašvērtējumu", "Did not fill in the self-assessment", "Не заполнило самооценку"}},
    [REPORT_NO_ANSWER] = {"no_answer", {"Neatbildēja uz aicinājumu piedalīties", "Did not answer the invitation", "Не ответило на приглашение"}},
    [REPORT_NO_RESOURCES] = {"no_resources", {"Nav resursu pašvērtējuma aizpildīšanai", "No resources to fill in the self-assessment",
                                              "Нет ресурсов для заполнения самооценки"}},
    [REPORT_REFUSED] = {"refused", {"Atteicās piedalīties", "Refused to take part", "Отказалось участвовать"}},
    [REPORT_MERGED] = {"merged", {"Iestāde reorganizēta", "The institution was reorganised", "Учреждение реорганизовано"}},
    [REPORT_OTHER] = {"other", {"Cits iemesls", "Another reason", "Другая причина"}},
};

/* Why it takes no part, as the coordinator recorded it. */
static enum report_comment find_refusal(const char *refusal) {
  for (int i = 0; i < REPORT_COMMENTS; i++)
    if (comments[i].refusal[0] != '\0' && strcmp(comments[i].refusal, refusal) == 0) return (enum report_comment)i;
  return REPORT_OTHER;
}

static void judge(const struct round_standing *standing, struct report_row *row) {
  bool answered = standing->submitted + standing->reopened + standing->begun > 0;
  row->included = standing->excluded ? standing->submitted > 0 : answered;
  if (row->included) row->comment = standing->submitted < standing->responses ? REPORT_PARTIAL : REPORT_NONE;
  else if (standing->excluded) row->comment = find_refusal(standing->refusal);
  else row->comment = standing->contacts == 0 && standing->opened_ms == 0 ? REPORT_NO_CONTACT : REPORT_NOT_FILLED;
}

size_t round_report_read(struct db *db, const struct actor *actor, const char *round, struct arena *arena,
                         const struct report_row **out, struct err *err) {
  struct round_standing standing;
  struct report_row *list = NULL;
  struct err own = {0};
  size_t count = 0, cap = 0;
  *out = NULL;
  if (!rights_allow(actor, ACTION_SEE_FIELD, 0)) {
    err_set(err, ERR_NOT_FOUND, "there is no such round");
    return 0;
  }
  struct stmt *stmt = round_standings(db, round);
  while (round_standing_next(stmt, &standing, &own)) {
    if (count == cap) {
      struct report_row *more = arena_array(arena, cap = cap > 0 ? cap * 2 : 128, sizeof *more);
      if (list != NULL) memcpy(more, list, count * sizeof *more);
      list = more;
    }
    struct report_row *row = &list[count++];
    *row = (struct report_row){.institution = standing.institution};
    row->name = arena_copy(arena, standing.name);
    row->registration_number = arena_copy(arena, standing.registration_number);
    row->abbreviation = arena_copy(arena, standing.abbreviation);
    judge(&standing, row);
    row->remark = row->comment == REPORT_OTHER ? arena_copy(arena, standing.remark) : "";
  }
  stmt_end(stmt);
  *out = list;
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  return own.code == ERR_NONE ? count : 0;
}

const char *round_report_status(const struct report_row *row, const char *language) {
  static const char *const words[2][LANGUAGES] = {{"Nepiedalās", "Does not take part", "Не участвует"},
                                                  {"Iekļauts", "Included", "Включено"}};
  return words[row->included][language_index(language)];
}

const char *round_report_comment(const struct report_row *row, const char *language) {
  if (row->comment == REPORT_OTHER && row->remark[0] != '\0') return row->remark;
  return comments[row->comment].words[language_index(language)];
}

const char *const *round_report_headings(const char *language) {
  static const char *const words[LANGUAGES][REPORT_COLUMNS] = {
      {"Nr.", "Iestāde", "Reģistrācijas numurs", "Saīsinājums", "Statuss", "Komentārs"},
      {"No.", "Institution", "Registration number", "Abbreviation", "Status", "Comment"},
      {"№", "Учреждение", "Регистрационный номер", "Сокращение", "Статус", "Комментарий"},
  };
  return words[language_index(language)];
}

void round_report_cells(const struct report_row *row, size_t number, const char *language, struct arena *arena,
                        const char *cells[REPORT_COLUMNS]) {
  cells[0] = arena_printf(arena, "%zu", number);
  cells[1] = row->name;
  cells[2] = row->registration_number;
  cells[3] = row->abbreviation;
  cells[4] = round_report_status(row, language);
  cells[5] = round_report_comment(row, language);
}
