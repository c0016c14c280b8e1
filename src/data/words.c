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
    [WORD_FORM_HOW_SHEET] = {"Kā lietot", "How to use", "Как пользоваться"},
    [WORD_FORM_LISTS_SHEET] = {"Saraksti", "Lists", "Списки"},
    [WORD_FORM_INSTITUTION] = {"Iestāde", "Institution", "Учреждение"},
    [WORD_FORM_DEADLINE] = {"Termiņš", "Deadline", "Срок"},
    [WORD_FORM_HELP] = {"Palīdzība", "Help", "Помощь"},
    [WORD_FORM_ADDRESS] = {"Anketa tīmeklī", "Questionnaire on the web", "Анкета в интернете"},
    [WORD_FORM_MADE] = {"Sagatavots (UTC)", "Prepared (UTC)", "Подготовлено (UTC)"},
    [WORD_FORM_STEP_1] = {"Šī darblapa palīdz apkopot datus no kolēģiem. Ar to anketu iesniegt nevar: apkopotās "
                          "atbildes ierakstiet vai ielīmējiet anketā tīmeklī un tur iesniedziet.",
                          "This workbook helps to collect figures from colleagues. It cannot be submitted: type or "
                          "paste the collected answers into the questionnaire on the web and submit it there.",
                          "Эта книга помогает собрать данные у коллег. Подать её нельзя: собранные ответы введите "
                          "или вставьте в анкету в интернете и подайте её там."},
    [WORD_FORM_STEP_2] = {"Katrai anketas sadaļai ir sava lapa. Aizpildiet iekrāsotās šūnas; pārējās ir aizsargātas"
                          " pret nejaušām izmaiņām.",
                          "Each section of the questionnaire has its own sheet. Fill in the coloured cells; the "
                          "others are protected against accidental changes.",
                          "У каждого раздела анкеты свой лист. Заполняйте выделенные цветом ячейки; остальные "
                          "защищены от случайных изменений."},
    [WORD_FORM_STEP_3] = {"Kur atbilde jāizvēlas, šūnai ir saraksts. Kur var izvēlēties vairākas atbildes, pie "
                          "katras derīgās izvēlieties x.",
                          "Where an answer is chosen, the cell has a list. Where several answers may be chosen, "
                          "choose x beside each that applies.",
                          "Где ответ нужно выбрать, у ячейки есть список. Где можно выбрать несколько ответов, "
                          "выберите x рядом с каждым подходящим."},
    [WORD_FORM_STEP_4] = {"Ja rādītājs uz iestādi neattiecas vai datu nav, ierakstiet vārdus, kas norādīti kolonnā "
                          "„Veids”; ja tie nav norādīti, atbilde ir vajadzīga.",
                          "If a figure does not apply or there are no data, type the words given in the column "
                          "“Type”; where none are given, an answer is needed.",
                          "Если показатель неприменим или данных нет, введите слова, указанные в столбце «Вид»; "
                          "если они не указаны, ответ необходим."},
    [WORD_FORM_STEP_5] = {"Kolonnā „Kad atbildēt” ir norādīts, pie kādām atbildēm jautājums uz iestādi attiecas. "
                          "Tukša šūna nozīmē, ka jāatbild vienmēr.",
                          "The column “When to answer” says which answers make a question apply. An empty cell "
                          "means that it always does.",
                          "В столбце «Когда отвечать» указано, при каких ответах вопрос относится к учреждению. "
                          "Пустая ячейка означает, что отвечать нужно всегда."},
    [WORD_FORM_STEP_6] = {"Sarakstu lapās katram ierakstam ir sava kolonna; tās augšā ierakstiet nosaukumu.",
                          "On the sheets of lists each entry has a column of its own; type its name at the top.",
                          "На листах списков у каждой записи свой столбец; вверху введите её название."},
    [WORD_FORM_NUMBER] = {"Nr.", "No.", "№"},
    [WORD_FORM_QUESTION] = {"Jautājums", "Question", "Вопрос"},
    [WORD_FORM_HINT] = {"Paskaidrojums", "Explanation", "Пояснение"},
    [WORD_FORM_WHEN] = {"Kad atbildēt", "When to answer", "Когда отвечать"},
    [WORD_FORM_TYPE] = {"Veids", "Type", "Вид"},
    [WORD_FORM_ANSWER] = {"Atbilde", "Answer", "Ответ"},
    [WORD_FORM_COMMENT] = {"Piezīmes", "Notes", "Примечания"},
    [WORD_FORM_ENTRY] = {"ieraksts", "entry", "запись"},
    [WORD_FORM_WHOLE] = {"vesels skaitlis", "whole number", "целое число"},
    [WORD_FORM_DECIMAL] = {"skaitlis", "number", "число"},
    [WORD_FORM_TEXT] = {"teksts", "text", "текст"},
    [WORD_FORM_DATE] = {"datums", "date", "дата"},
    [WORD_FORM_ONE] = {"viena atbilde", "one answer", "один ответ"},
    [WORD_FORM_MANY] = {"viena vai vairākas atbildes", "one or more answers", "один или несколько ответов"},
    [WORD_FORM_CALCULATED] = {"aprēķina sistēma", "calculated by the system", "рассчитывает система"},
    [WORD_FORM_OPTIONAL] = {"nav obligāts", "optional", "необязательно"},
    [WORD_FORM_OR] = {"vai", "or", "или"},
    [WORD_FORM_SEE] = {"sk. lapu", "see sheet", "см. лист"},
    [WORD_FORM_WRONG] = {"Nederīgs ieraksts", "Not a valid entry", "Недопустимая запись"},
    [WORD_FORM_CHOOSE] = {"Izvēlieties atbildi no saraksta.",
                          "Choose an answer from the list.",
                          "Выберите ответ из списка."},
    [WORD_FORM_CUT] = {"Teksts ir saīsināts.", "The text has been cut.", "Текст сокращён."},
};

const char *words_get(enum word word, const char *language) {
  const struct translated *translated = &words[word];
  if (language != NULL && strcmp(language, "lv") == 0) return translated->lv;
  if (language != NULL && strcmp(language, "ru") == 0) return translated->ru;
  return translated->en;
}
