#include "form/diff_words.h"

#include <string.h>

static const struct {
  const char *lv, *en, *ru;
} words[DIFF_WORDS] = {
    [DIFF_TEXT] = {"teksts", "text", "текст"},
    [DIFF_HINT] = {"paskaidrojums", "hint", "пояснение"},
    [DIFF_UNIT] = {"mērvienība", "unit", "единица измерения"},
    [DIFF_TITLE] = {"nosaukums", "title", "название"},
    [DIFF_LABEL] = {"rindas nosaukums", "label", "название строки"},
    [DIFF_EVERYONE] = {"visiem", "everyone", "всем"},
    [DIFF_NOTHING] = {"nekas", "nothing", "ничего"},
    [DIFF_NONE] = {"nav", "none", "нет"},
    [DIFF_MIN] = {"mazākā vērtība", "min", "минимум"},
    [DIFF_MAX] = {"lielākā vērtība", "max", "максимум"},
    [DIFF_AT_MOST] = {"ne vairāk kā %d rakstzīmes → %d", "at most %d characters → %d", "не больше %d знаков → %d"},
    [DIFF_OPTIONAL] = {"neobligāts", "optional", "необязательный"},
    [DIFF_REQUIRED] = {"obligāts", "required", "обязательный"},
    [DIFF_OFFERED] = {"tiek piedāvāts", "offered", "предлагается"},
    [DIFF_NOT_OFFERED] = {"vairs netiek piedāvāts", "no longer offered", "больше не предлагается"},
    [DIFF_NOW_EXCLUSIVE] = {"%d tagad izslēdz pārējās", "%d is now exclusive", "%d теперь исключает остальные"},
    [DIFF_NOT_EXCLUSIVE] = {"%d vairs neizslēdz pārējās", "%d is no longer exclusive", "%d больше не исключает остальные"},
    [DIFF_ORDER] = {"cita secība", "another order", "другой порядок"},
    [DIFF_ERROR] = {"kļūda", "error", "ошибка"},
    [DIFF_WARNING] = {"brīdinājums", "warning", "предупреждение"},
    [DIFF_ROSTER] = {"saraksts", "roster", "список"},
    [DIFF_SECTION] = {"sadaļa", "section", "раздел"},
    [DIFF_MATRIX] = {"tabula", "matrix or table", "таблица"},
    [DIFF_NOWHERE] = {"(nav)", "(none)", "(нет)"},
    [DIFF_AFTER] = {"tagad aiz %s", "now after %s", "теперь после %s"},
    [DIFF_BEGINNING] = {"sākuma", "the beginning", "начала"},
    [DIFF_OPEN] = {"„", "“", "«"},
    [DIFF_CLOSE] = {"”", "”", "»"},
    [DIFF_ROWS] = {"%d līdz %d → %d līdz %d", "%d to %d → %d to %d", "от %d до %d → от %d до %d"},
};

const char *diff_word(const char *language, enum diff_word word) {
  if (strcmp(language, "lv") == 0) return words[word].lv;
  return strcmp(language, "ru") == 0 ? words[word].ru : words[word].en;
}
