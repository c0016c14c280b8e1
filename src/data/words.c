#include "data/words.h"

#include <string.h>

struct translated {
  const char *lv, *en, *ru;
};

static const struct translated words[] = {
    [WORD_DATA_SHEET] = {"Dati", "Data", "Данные"},
    [WORD_CODEBOOK_SHEET] = {"Kodu grāmata", "Codebook", "Кодовая книга"},
    [WORD_ABOUT_SHEET] = {"Par eksportu", "About the export", "Об экспорте"},
    [WORD_BOOK_NAME] = {"Kolonna", "Column", "Столбец"},
    [WORD_BOOK_SECTION] = {"Sadaļa", "Section", "Раздел"},
    [WORD_BOOK_TEXT] = {"Jautājums", "Question", "Вопрос"},
    [WORD_BOOK_TYPE] = {"Veids", "Type", "Тип"},
    [WORD_BOOK_CODE] = {"Kods", "Code", "Код"},
    [WORD_BOOK_OPTION] = {"Atbilžu variants", "Answer option", "Вариант ответа"},
    [WORD_BOOK_FILTER] = {"Filtrs", "Filter", "Фильтр"},
    [WORD_BOOK_MISSING] = {"Trūkstošās vērtības", "Missing values", "Пропущенные значения"},
    [WORD_ROUND] = {"Kārta", "Round", "Раунд"},
    [WORD_QUESTIONNAIRE] = {"Anketa", "Questionnaire", "Анкета"},
    [WORD_TITLE] = {"Nosaukums", "Title", "Название"},
    [WORD_VERSION] = {"Versija", "Version", "Версия"},
    [WORD_HASH] = {"Satura kontrolsumma", "Content hash", "Контрольная сумма"},
    [WORD_LANGUAGE] = {"Valoda", "Language", "Язык"},
    [WORD_VALUES] = {"Vērtības", "Values", "Значения"},
    [WORD_CODES] = {"kodi", "codes", "коды"},
    [WORD_LABELS] = {"teksti", "labels", "тексты"},
    [WORD_ROW_IS] = {"Viena rinda ir", "One row is", "Одна строка —"},
    [WORD_RESPONSE] = {"vienas iestādes atbilde", "the response of one institution", "ответ одного учреждения"},
    [WORD_SITTING] = {"vienas personas darbs vienā sadaļā vienā darba reizē",
                      "the work of one person in one section during one sitting",
                      "работа одного лица в одном разделе за один сеанс"},
    [WORD_RESPONSES] = {"Atbildes", "Responses", "Ответы"},
    [WORD_ALL] = {"visas", "all", "все"},
    [WORD_SUBMITTED] = {"tikai iesniegtās", "submitted ones only", "только поданные"},
    [WORD_TIME] = {"Dati uz brīdi (UTC)", "Data as of (UTC)", "Данные на момент (UTC)"},
    [WORD_ROWS] = {"Rindu skaits", "Rows", "Число строк"},
    [WORD_WHO] = {"Eksportēja", "Exported by", "Экспортировал(а)"},
    [WORD_COMMAND_LINE] = {"komandrinda", "the command line", "командная строка"},
    [WORD_MARKS] = {"Trūkstošo vērtību apzīmējumi", "Marks of missing values", "Обозначения пропущенных значений"},
    [WORD_MEANS_NOT_ASKED] = {"Jautājums nav uzdots: to atsijāja filtrs, vai šajā anketas versijā tā nav.",
                              "The question was not asked: a filter left it out, or this version does not have it.",
                              "Вопрос не задавался: его исключил фильтр, или его нет в этой версии анкеты."},
    [WORD_MEANS_NOT_ANSWERED] = {"Jautājums ir uzdots, bet uz to nav (derīgas) atbildes; aprēķinam trūkst datu.",
                                 "The question was asked, but there is no (valid) answer; a calculation lacks figures.",
                                 "Вопрос задан, но (действительного) ответа нет; для расчёта не хватает данных."},
    [WORD_MEANS_NA] = {"Atbilde ir „neattiecas”.", "The answer is “not applicable”.", "Ответ — «неприменимо»."},
    [WORD_MEANS_NODATA] = {"Atbilde ir „dati nav pieejami”.", "The answer is “no data”.",
                           "Ответ — «данные отсутствуют»."},
    [WORD_APOSTROPHE] = {"Apostrofs", "Apostrophe", "Апостроф"},
    [WORD_APOSTROPHE_MEANS] = {"Teksta atbildei, kas izskatās kā apzīmējums, priekšā ir pielikts apostrofs.",
                               "A text answer that reads like a mark has an apostrophe put before it.",
                               "Перед текстовым ответом, похожим на обозначение, поставлен апостроф."},
    [WORD_CUT] = {"Teksti, kas saīsināti līdz 32 767 zīmēm", "Texts cut to 32,767 characters",
                  "Тексты, сокращённые до 32 767 знаков"},
};

const char *words_get(enum word word, const char *language) {
  const struct translated *translated = &words[word];
  if (language != NULL && strcmp(language, "lv") == 0) return translated->lv;
  if (language != NULL && strcmp(language, "ru") == 0) return translated->ru;
  return translated->en;
}
