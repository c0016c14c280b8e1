#include "paper/words.h"

#include <string.h>

enum tongue { LV, EN, RU, TONGUES };

static enum tongue tongue_of(const char *language) {
  if (strcmp(language, "lv") == 0) return LV;
  return strcmp(language, "ru") == 0 ? RU : EN;
}

static const char *const words[PAPER_WORDS][TONGUES] = {
    [PAPER_INSTITUTION] = {"Iestāde", "Institution", "Учреждение"},
    [PAPER_ROUND] = {"Aptauja", "Survey", "Опрос"},
    [PAPER_VERSION] = {"Anketas versija", "Version of the questionnaire", "Версия анкеты"},
    [PAPER_STATUS] = {"Statuss", "Status", "Статус"},
    [PAPER_IS_BLANK] = {"veidlapa aizpildīšanai uz papīra", "form to be filled in on paper",
                        "бланк для заполнения на бумаге"},
    [PAPER_IS_FILLED] = {"aizpildīta", "filled in", "заполнена"},
    [PAPER_IS_DRAFT] = {"melnraksts, nav iesniegts", "draft, not submitted", "черновик, не подан"},
    [PAPER_IS_SUBMITTED] = {"iesniegta", "submitted", "подана"},
    [PAPER_SUBMITTED_WHEN] = {"Iesniegta", "Submitted", "Подана"},
    [PAPER_SUBMITTED_BY] = {"Iesniedza", "Submitted by", "Подал(а)"},
    [PAPER_PEOPLE] = {"Atbildēja", "Answered by", "Отвечали"},
    [PAPER_PRINTED] = {"Izdrukāts", "Printed", "Напечатано"},
    [PAPER_REVISION] = {"Redakcija", "Revision", "Редакция"},
    [PAPER_RECEIPT] = {"Apliecinājuma kods", "Receipt code", "Код подтверждения"},
    [PAPER_CHECKSUM] = {"Kontrolsumma", "Checksum", "Контрольная сумма"},
    [PAPER_CHECKING] = {"Kā pārbaudīt šo izdruku", "How to check this print", "Как проверить эту распечатку"},
    [PAPER_CHECKING_TEXT] =
        {"Kontrolsumma ir aprēķināta iesniegšanas brīdī no visām atbildēm; ja mainītos kaut viena zīme, tā būtu cita. "
         "Apliecinājuma kods ir atvasināts no kontrolsummas. Salīdziniet kodu ar to, ko rāda iesnieguma lapa ($1) vai nosauc "
         "aptaujas koordinators: ja kodi sakrīt, izdruka attiecas uz to pašu iesniegumu. Ja rodas šaubas par kādu atbildi, "
         "noteicošais ir sistēmā glabātais iesniegums.",
         "The checksum was computed from all answers at the moment of submitting; if a single character changed, it would "
         "be another. The receipt code is derived from the checksum. Compare the code with the one on the receipt page "
         "($1) or with what the survey's coordinator tells you: if the codes are the same, this print belongs to that "
         "submission. If there is doubt about an answer, what is stored in the system decides.",
         "Контрольная сумма вычислена из всех ответов в момент подачи; если бы изменился хотя бы один знак, она была бы "
         "другой. Код подтверждения получен из контрольной суммы. Сравните код с тем, который показывает страница поданной "
         "анкеты ($1) или называет координатор опроса: если коды совпадают, распечатка относится к той же поданной анкете. При "
         "сомнениях в каком-либо ответе решающей является анкета, хранящаяся в системе."},
    [PAPER_WATERMARK] = {"MELNRAKSTS", "DRAFT", "ЧЕРНОВИК"},
    [PAPER_PAGE_OF] = {" no ", " of ", " из "},
    [PAPER_CONTENTS] = {"Saturs", "Contents", "Содержание"},
    [PAPER_FILLED_BY] = {"Aizpildīja (vārds, uzvārds)", "Filled in by (name)", "Заполнил(а) (имя, фамилия)"},
    [PAPER_PHONE] = {"Tālrunis", "Telephone", "Телефон"},
    [PAPER_DATE] = {"Datums", "Date", "Дата"},
    [PAPER_NOT_ANSWERED] = {"Nav atbildes", "No answer", "Нет ответа"},
    [PAPER_INVALID] = {"Ieraksts nav derīga atbilde.", "What was entered is not a valid answer.",
                       "Введённое не является допустимым ответом."},
    [PAPER_ERROR] = {"Jālabo:", "To be corrected:", "Нужно исправить:"},
    [PAPER_WARNING] = {"Neparasta atbilde:", "Unusual answer:", "Необычный ответ:"},
    [PAPER_EXPLANATION] = {"Paskaidrojums ($1): $2", "Explanation ($1): $2", "Пояснение ($1): $2"},
    [PAPER_UNEXPLAINED] = {"Vēl nav paskaidrota.", "Not explained yet.", "Пока без пояснения."},
    [PAPER_ASK_IF] = {"Atbild, ja $1.", "Answer if $1.", "Отвечать, если $1."},
    [PAPER_SECTION_IF] = {"Šo sadaļu aizpilda, ja $1.", "Fill in this section if $1.",
                          "Этот раздел заполняют, если $1."},
    [PAPER_RANGE_IF] = {"$1: atbild, ja $2.", "$1: answer if $2.", "$1: отвечать, если $2."},
    [PAPER_OPTION_IF] = {"(tikai, ja $1)", "(only if $1)", "(только если $1)"},
    [PAPER_CHOOSE_MANY] = {"Atzīmējiet visas atbilstošās atbildes.", "Mark all answers that apply.",
                           "Отметьте все подходящие ответы."},
    [PAPER_EXCLUSIVE] = {"Ja atzīmējat $1, citas atbildes neatzīmējiet.", "If you mark $1, mark nothing else.",
                         "Если отмечаете $1, другие ответы не отмечайте."},
    [PAPER_OPTIONAL] = {"Atbilde nav obligāta.", "An answer is not required.", "Ответ не обязателен."},
    [PAPER_CALCULATED] = {"Aprēķina sistēma.", "Calculated by the system.", "Вычисляет система."},
    [PAPER_DATE_FORM] = {"(dd.mm.gggg.)", "(dd.mm.yyyy)", "(дд.мм.гггг)"},
    [PAPER_QUESTION] = {"Rādītājs", "Item", "Показатель"},
    [PAPER_FIGURE] = {"Vērtība", "Value", "Значение"},
    [PAPER_ROW_NAME] = {"Nosaukums", "Name", "Название"},
    [PAPER_MORE_ROWS] = {"Aizpildiet atsevišķi par katru ierakstu ($1). Ja ierakstu ir vairāk, nokopējiet šīs lapas.",
                         "Fill in separately for each entry ($1). If there are more entries, copy these pages.",
                         "Заполните отдельно для каждой записи ($1). Если записей больше, скопируйте эти страницы."},
    [PAPER_NO_ROWS] = {"Nav neviena ieraksta.", "There are no entries.", "Записей нет."},
    [PAPER_QUOTE] = {"„$1”", "“$1”", "«$1»"},
};


const char *paper_word(enum paper_word word, const char *language) { return words[word][tongue_of(language)]; }
