#include "paper/pdf.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"

/* Noto has Latvian, Cyrillic and most of what else people type; what it lacks comes from any font of the machine. */
#define FONTS "Noto Sans, DejaVu Sans, Liberation Sans, sans-serif"
#define BASELINE 0.78           /* of the leading: styles with the same leading stand on one line */
#define WATERMARK_WIDTH 560.0
#define WATERMARK_SIZE 100.0    /* before it is fitted */
#define WATERMARK_GREY 0.92
#define TAIL_MAX 8192
#define TAIL_KEPT 4096          /* bytes; the catalogue and the trailer are shorter */
#define BOOKMARK_LEVELS 3
#define BEZIER 0.5522847498

/* The last bytes of the file, of which pdf_finish reads where the catalogue is. */
struct tail {
  struct buf bytes;
  struct buf catalogue; /* "<< /Type /Catalog … " without its end */
  long object;          /* its number */
  long written;
};

struct pdf {
  PangoFontMap *fonts;
  PangoContext *context;
  cairo_surface_t *surface; /* NULL while pages are only counted */
  cairo_t *cairo;
  pdf_write *write;
  void *write_context;
  struct tail tail;
  char *language;
  int bookmarks[BOOKMARK_LEVELS + 1]; /* the last one of each level; [0]: the root */
};

struct pdf_text {
  PangoLayout *layout;
  struct pdf_style style;
  int holders;
};

/* ---- the file */

/* Keeps the catalogue when it comes by: "12 0 obj\n<< /Type /Catalog\n … >>\nendobj". */
static void watch(struct tail *tail, const void *bytes, size_t len) {
  struct buf *seen = &tail->bytes;
  tail->written += (long)len;
  buf_add(seen, bytes, len);
  char *start = tail->object > 0 ? NULL : memmem(seen->data, seen->len, "<< /Type /Catalog", 17);
  char *end = start == NULL ? NULL : memmem(start, seen->len - (size_t)(start - seen->data), ">>\nendobj", 9);
  if (end != NULL) {
    char *number = start;
    while (number > seen->data && number - start > -32 && memcmp(number, "\nendobj\n", 8) != 0) number--;
    if (memcmp(number, "\nendobj\n", 8) == 0) tail->object = strtol(number + 8, NULL, 10);
    buf_add(&tail->catalogue, start, (size_t)(end - start));
  }
  if (seen->len <= TAIL_MAX || (start != NULL && end == NULL)) return;
  memmove(seen->data, seen->data + seen->len - TAIL_KEPT, TAIL_KEPT);
  seen->len = TAIL_KEPT;
}

static cairo_status_t take_bytes(void *context, const unsigned char *bytes, unsigned len) {
  struct pdf *pdf = context;
  watch(&pdf->tail, bytes, len);
  return pdf->write(pdf->write_context, bytes, len) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* The number behind a word of the trailer, 0 when it is not there. */
static long trailer_number(const char *trailer, const char *word) {
  const char *at = trailer != NULL ? strstr(trailer, word) : NULL;
  return at != NULL ? strtol(at + strlen(word), NULL, 10) : 0;
}

/* cairo 1.16 cannot say in which language a document is, nor that its structure counts: both are entries of the
 * catalogue. A PDF may be amended at its end, so the catalogue follows once more with them. */
static bool amend(struct pdf *pdf) {
  struct tail *tail = &pdf->tail;
  const char *trailer = NULL;
  for (const char *at = buf_text(&tail->bytes); (at = strstr(at, "\ntrailer\n")) != NULL; at++) trailer = at;
  long size = trailer_number(trailer, "/Size "), info = trailer_number(trailer, "/Info ");
  long previous = trailer_number(trailer, "startxref\n"), start = tail->written;
  if (tail->object == 0 || size == 0 || previous == 0) return true;
  struct buf out = {0};
  buf_printf(&out, "%ld 0 obj\n", tail->object);
  buf_add(&out, tail->catalogue.data, tail->catalogue.len);
  buf_printf(&out, "   /Lang (%s)\n   /MarkInfo << /Marked true >>\n   /ViewerPreferences << /DisplayDocTitle true >>\n",
             pdf->language);
  buf_puts(&out, ">>\nendobj\n");
  long table = start + (long)out.len;
  buf_printf(&out, "xref\n%ld 1\n%010ld 00000 n \ntrailer\n<< /Size %ld\n   /Root %ld 0 R\n", tail->object, start, size,
             tail->object);
  buf_printf(&out, "   /Info %ld 0 R\n   /Prev %ld\n>>\nstartxref\n%ld\n%%%%EOF\n", info, previous, table);
  bool ok = pdf->write(pdf->write_context, out.data, out.len);
  buf_free(&out);
  return ok;
}

static void pdf_free(struct pdf *pdf) {
  if (pdf->cairo != NULL) cairo_destroy(pdf->cairo);
  if (pdf->surface != NULL) cairo_surface_destroy(pdf->surface);
  if (pdf->context != NULL) g_object_unref(pdf->context);
  if (pdf->fonts != NULL) g_object_unref(pdf->fonts);
  buf_free(&pdf->tail.bytes);
  buf_free(&pdf->tail.catalogue);
  free(pdf->language);
  free(pdf);
}

/* Pango ends the process when there is no font at all; so look before it is asked for one. */
static bool has_fonts(PangoFontMap *fonts) {
  PangoFontFamily **families = NULL;
  int count = 0;
  bool found = false;
  pango_font_map_list_families(fonts, &families, &count);
  for (int i = 0; i < count && !found; i++) {
    PangoFontFace **faces = NULL;
    int face_count = 0;
    const char *name = pango_font_family_get_name(families[i]);
    bool alias = g_ascii_strcasecmp(name, "Sans") == 0 || g_ascii_strcasecmp(name, "Serif") == 0 ||
                 g_ascii_strcasecmp(name, "Monospace") == 0 || g_ascii_strcasecmp(name, "System-ui") == 0;
    pango_font_family_list_faces(families[i], &faces, &face_count);
    found = !alias && face_count > 0;
    g_free(faces);
  }
  g_free(families);
  return found;
}

static void begin_file(struct pdf *pdf, const struct pdf_info *info) {
  pdf->surface = cairo_pdf_surface_create_for_stream(take_bytes, pdf, PDF_PAGE_WIDTH, PDF_PAGE_HEIGHT);
  cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, info->title);
  cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_AUTHOR, info->author);
  cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATOR, "anketa");
  if (*info->created != '\0') cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, info->created);
  pdf->cairo = cairo_create(pdf->surface);
  cairo_tag_begin(pdf->cairo, "Document", NULL);
}

static bool is_language(const char *code) {
  return *code != '\0' && code[strspn(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")] == '\0';
}

struct pdf *pdf_new(const struct pdf_info *info, pdf_write *write, void *context, struct err *err) {
  struct pdf *pdf = calloc(1, sizeof *pdf);
  if (pdf == NULL) log_out_of_memory();
  pdf->write = write;
  pdf->write_context = context;
  pdf->language = strdup(is_language(info->language) ? info->language : "und");
  if (pdf->language == NULL) log_out_of_memory();
  pdf->fonts = pango_cairo_font_map_new();
  pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(pdf->fonts), 72);
  if (!has_fonts(pdf->fonts)) {
    err_set(err, ERR_SYSTEM, "this machine has no fonts to print with; install fonts-noto-core");
    pdf_free(pdf);
    return NULL;
  }
  pdf->context = pango_font_map_create_context(pdf->fonts);
  pango_context_set_language(pdf->context, pango_language_from_string(pdf->language));
  pango_context_set_round_glyph_positions(pdf->context, FALSE);
  cairo_font_options_t *options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(pdf->context, options);
  cairo_font_options_destroy(options);
  if (write != NULL) begin_file(pdf, info);
  return pdf;
}

static bool check(cairo_status_t status, struct err *err) {
  if (status == CAIRO_STATUS_NO_MEMORY) log_out_of_memory();
  return status == CAIRO_STATUS_SUCCESS || err_set(err, ERR_SYSTEM, "the PDF could not be made: %s",
                                                    cairo_status_to_string(status));
}

bool pdf_end_page(struct pdf *pdf, struct err *err) {
  if (pdf->cairo == NULL) return true;
  cairo_show_page(pdf->cairo);
  return check(cairo_status(pdf->cairo), err) && check(cairo_surface_status(pdf->surface), err);
}

bool pdf_finish(struct pdf *pdf, struct err *err) {
  bool ok = true;
  if (pdf->surface != NULL) {
    cairo_tag_end(pdf->cairo, "Document");
    cairo_surface_finish(pdf->surface);
    ok = check(cairo_status(pdf->cairo), err) && check(cairo_surface_status(pdf->surface), err);
    if (ok && !amend(pdf)) ok = err_set(err, ERR_SYSTEM, "the PDF could not be written");
  }
  pdf_free(pdf);
  return ok;
}

/* ---- text */

static PangoFontDescription *describe(const struct pdf_style *style) {
  PangoFontDescription *font = pango_font_description_from_string(FONTS);
  pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
  if (style->weight == PDF_BOLD) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
  if (style->weight == PDF_ITALIC) pango_font_description_set_style(font, PANGO_STYLE_ITALIC);
  return font;
}

struct pdf_text *pdf_text_new(struct pdf *pdf, const struct pdf_style *style, const char *text, size_t len, double width) {
  struct pdf_text *own = calloc(1, sizeof *own);
  if (own == NULL) log_out_of_memory();
  PangoFontDescription *font = describe(style);
  own->style = *style;
  own->holders = 1;
  own->layout = pango_layout_new(pdf->context);
  pango_layout_set_font_description(own->layout, font);
  pango_font_description_free(font);
  if (width > 0) {
    PangoAttrList *attributes = pango_attr_list_new(); /* a broken word gets no hyphen: nobody typed one */
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(own->layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_width(own->layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(own->layout, PANGO_WRAP_WORD_CHAR);
  }
  pango_layout_set_text(own->layout, text, (int)len);
  return own;
}

struct pdf_text *pdf_text_cut(struct pdf *pdf, const struct pdf_style *style, const char *text, double width) {
  struct pdf_text *own = pdf_text_new(pdf, style, text, strlen(text), width);
  pango_layout_set_ellipsize(own->layout, PANGO_ELLIPSIZE_END);
  return own;
}

struct pdf_text *pdf_text_hold(struct pdf_text *text) {
  text->holders++;
  return text;
}

void pdf_text_free(struct pdf_text *text) {
  if (text == NULL || --text->holders > 0) return;
  g_object_unref(text->layout);
  free(text);
}

static PangoLayoutLine *line_of(const struct pdf_text *text, int line) {
  return pango_layout_get_line_readonly(text->layout, line);
}

int pdf_text_lines(const struct pdf_text *text) { return pango_layout_get_line_count(text->layout); }

/* Above and below the baseline; a font that stands in for another may need more room than the leading gives. */
static void measure(const struct pdf_text *text, int line, double *above, double *below) {
  PangoRectangle logical;
  pango_layout_line_get_extents(line_of(text, line), NULL, &logical);
  double ascent = -(double)logical.y / PANGO_SCALE, descent = (double)(logical.y + logical.height) / PANGO_SCALE;
  double leading = text->style.leading;
  *above = fmax(leading * BASELINE, ascent - leading * 0.05);
  *below = fmax(leading * (1 - BASELINE), descent - leading * 0.05);
}

double pdf_text_height(const struct pdf_text *text, int line) {
  double above, below;
  measure(text, line, &above, &below);
  return above + below;
}

double pdf_text_width(const struct pdf_text *text, int line) {
  PangoRectangle logical;
  pango_layout_line_get_extents(line_of(text, line), NULL, &logical);
  return (double)logical.width / PANGO_SCALE;
}

size_t pdf_text_line_start(const struct pdf_text *text, int line) { return (size_t)line_of(text, line)->start_index; }

bool pdf_text_is_right_to_left(const struct pdf_text *text) {
  return line_of(text, 0)->resolved_dir == PANGO_DIRECTION_RTL;
}

static void set_grey(struct pdf *pdf, double grey) { cairo_set_source_rgb(pdf->cairo, grey, grey, grey); }

void pdf_text_draw(struct pdf *pdf, const struct pdf_text *text, int line, double x, double y, double width) {
  if (pdf->cairo == NULL) return;
  double above, below;
  measure(text, line, &above, &below);
  if (pdf_text_is_right_to_left(text)) x += fmax(0, width - pdf_text_width(text, line));
  set_grey(pdf, text->style.grey);
  cairo_move_to(pdf->cairo, x, y + above);
  pango_cairo_show_layout_line(pdf->cairo, line_of(text, line));
}

/* ---- shapes */

static void stroke(struct pdf *pdf, double width, double grey) {
  set_grey(pdf, grey);
  cairo_set_line_width(pdf->cairo, width);
  cairo_stroke(pdf->cairo);
}

void pdf_line(struct pdf *pdf, double x1, double y1, double x2, double y2, double width, double grey) {
  if (pdf->cairo == NULL) return;
  cairo_move_to(pdf->cairo, x1, y1);
  cairo_line_to(pdf->cairo, x2, y2);
  stroke(pdf, width, grey);
}

void pdf_box(struct pdf *pdf, double x, double y, double width, double height, double line, double grey) {
  if (pdf->cairo == NULL) return;
  cairo_rectangle(pdf->cairo, x, y, width, height);
  stroke(pdf, line, grey);
}

static void ring(struct pdf *pdf, double x, double y, double r) {
  double c = BEZIER * r;
  cairo_move_to(pdf->cairo, x + r, y);
  cairo_curve_to(pdf->cairo, x + r, y + c, x + c, y + r, x, y + r);
  cairo_curve_to(pdf->cairo, x - c, y + r, x - r, y + c, x - r, y);
  cairo_curve_to(pdf->cairo, x - r, y - c, x - c, y - r, x, y - r);
  cairo_curve_to(pdf->cairo, x + c, y - r, x + r, y - c, x + r, y);
  cairo_close_path(pdf->cairo);
}

void pdf_circle(struct pdf *pdf, double x, double y, double radius, bool filled) {
  if (pdf->cairo == NULL) return;
  ring(pdf, x, y, radius);
  stroke(pdf, 0.8, 0.2);
  if (!filled) return;
  ring(pdf, x, y, radius * 0.55);
  set_grey(pdf, 0.1);
  cairo_fill(pdf->cairo);
}

void pdf_square(struct pdf *pdf, double x, double y, double side, bool crossed) {
  double half = side / 2, arm = half * 0.62;
  pdf_box(pdf, x - half, y - half, side, side, 0.8, 0.2);
  if (!crossed) return;
  pdf_line(pdf, x - arm, y - arm, x + arm, y + arm, 1.2, 0.1);
  pdf_line(pdf, x - arm, y + arm, x + arm, y - arm, 1.2, 0.1);
}

void pdf_watermark(struct pdf *pdf, const char *text) {
  if (pdf->cairo == NULL) return;
  struct pdf_style style = {.size = WATERMARK_SIZE, .leading = WATERMARK_SIZE, .weight = PDF_BOLD};
  struct pdf_text *word = pdf_text_new(pdf, &style, text, strlen(text), 0);
  double width = pdf_text_width(word, 0), scale = fmin(1.6, WATERMARK_WIDTH / fmax(width, 1));
  cairo_save(pdf->cairo);
  cairo_translate(pdf->cairo, PDF_PAGE_WIDTH / 2, PDF_PAGE_HEIGHT / 2);
  cairo_rotate(pdf->cairo, -atan2(PDF_PAGE_HEIGHT, PDF_PAGE_WIDTH));
  cairo_scale(pdf->cairo, scale, scale);
  set_grey(pdf, WATERMARK_GREY);
  cairo_move_to(pdf->cairo, -width / 2, WATERMARK_SIZE * 0.36);
  pango_cairo_layout_line_path(pdf->cairo, line_of(word, 0));
  cairo_fill(pdf->cairo);
  cairo_restore(pdf->cairo);
  pdf_text_free(word);
}

/* ---- structure */

void pdf_tag(struct pdf *pdf, const char *name) {
  if (pdf->cairo != NULL) cairo_tag_begin(pdf->cairo, name, NULL);
}

void pdf_end_tag(struct pdf *pdf, const char *name) {
  if (pdf->cairo != NULL) cairo_tag_end(pdf->cairo, name);
}

void pdf_link(struct pdf *pdf, int page) {
  char where[64];
  snprintf(where, sizeof where, "page=%d pos=[0 0]", page);
  if (pdf->cairo != NULL) cairo_tag_begin(pdf->cairo, CAIRO_TAG_LINK, where);
}

void pdf_end_link(struct pdf *pdf) { pdf_end_tag(pdf, CAIRO_TAG_LINK); }

void pdf_bookmark(struct pdf *pdf, int level, const char *title, int page, double y) {
  char where[64];
  if (pdf->cairo == NULL || level < 1 || level > BOOKMARK_LEVELS) return;
  snprintf(where, sizeof where, "page=%d pos=[0 %d]", page, (int)y);
  int above = level - 1;
  while (above > 0 && pdf->bookmarks[above] == 0) above--;
  pdf->bookmarks[level] = cairo_pdf_surface_add_outline(pdf->surface, pdf->bookmarks[above], title, where, 0);
  for (int i = level + 1; i <= BOOKMARK_LEVELS; i++) pdf->bookmarks[i] = 0;
}
