/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-frame-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "skt-error.h"

static const char *const forms[SKT_N_FRAME_CHECK_FORMS] = { "bytes", "hex", "hex-all" };

/* -- The settings -------------------------------------------------------------------------------------------- */

guint
skt_frame_check_get_width (const SktFrameCheck *self)
{
  return skt_checksum_get_width (self->checksum) * (self->form == SKT_FRAME_CHECK_BYTES ? 1 : 2);
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_RULE, message);
  return FALSE;
}

gboolean
skt_frame_check_check (const SktFrameCheck *self, GError **error)
{
  if (!self->is_on)
    return TRUE;
  if (self->checksum >= SKT_N_CHECKSUMS || self->form >= SKT_N_FRAME_CHECK_FORMS)
    return refuse (error, _ ("There is no such checksum of frames."));
  if (self->begin > SKT_FRAME_CHECK_MAX_OFFSET || self->gap > SKT_FRAME_CHECK_MAX_OFFSET ||
      self->after > SKT_FRAME_CHECK_MAX_OFFSET)
    return refuse (error, _ ("A checksum and the bytes that it is of are at most 65,535 bytes away from the frame’s ends."));
  return TRUE;
}

static gboolean
parse_number (const char *text, gint64 min, gint64 max, gint64 *ret_value)
{
  return g_ascii_string_to_signed (text, 10, min, max, ret_value, NULL);
}

static gboolean
parse_form (const char *text, SktFrameCheckForm *ret_form)
{
  for (guint i = 0; i < SKT_N_FRAME_CHECK_FORMS; i++)
    if (g_str_equal (text, forms[i]))
      {
        *ret_form = i;
        return TRUE;
      }
  return FALSE;
}

/* at: 0 if it was not given */
static gboolean
parse_word (const char *word, SktFrameCheck *check, gint64 *at)
{
  gint64 number = 0;

  if (g_str_equal (word, "order=big") || g_str_equal (word, "order=little"))
    check->is_little = g_str_equal (word, "order=little");
  else if (g_str_has_prefix (word, "form="))
    return parse_form (word + strlen ("form="), &check->form);
  else if (g_str_has_prefix (word, "begin=") && parse_number (word + strlen ("begin="), 0, G_MAXUINT32, &number))
    check->begin = number;
  else if (g_str_has_prefix (word, "gap=") && parse_number (word + strlen ("gap="), 0, G_MAXUINT32, &number))
    check->gap = number;
  else if (g_str_has_prefix (word, "at=") && parse_number (word + strlen ("at="), -G_MAXINT32, -1, &number))
    *at = number;
  else
    return FALSE;
  return TRUE;
}

static gboolean
parse_words (char **words, SktFrameCheck *check)
{
  gint64 at = 0;
  guint width;

  if (words[0] == NULL)
    return FALSE;
  if (g_str_equal (words[0], "none"))
    return words[1] == NULL;
  if (!skt_checksum_from_id (words[0], &check->checksum))
    return FALSE;
  check->is_on = TRUE;
  check->is_little = skt_checksum_is_little_endian (check->checksum);
  for (guint i = 1; words[i] != NULL; i++)
    if (!parse_word (words[i], check, &at))
      return FALSE;
  width = skt_frame_check_get_width (check);
  if (at == 0)
    at = -(gint64) width;
  if (-at < width)
    return FALSE;
  check->after = -at - width;
  return TRUE;
}

gboolean
skt_frame_check_parse (const char *text, SktFrameCheck *ret_check, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);
  g_auto (GStrv) words = g_strsplit (g_strstrip (lower), " ", -1);
  SktFrameCheck check = { 0 };

  if (!parse_words (words, &check))
    {
      g_set_error (error, SKT_ERROR, SKT_ERROR_BAD_RULE,
                   /* Translators: the words that follow “such as” are typed as they are */
                   _ ("“%s” is no checksum of frames. They are such as: none, crc-16/modbus form=bytes order=little begin=0 "
                      "gap=0 at=-2."),
                   text);
      return FALSE;
    }
  if (!skt_frame_check_check (&check, error))
    return FALSE;
  *ret_check = check;
  return TRUE;
}

char *
skt_frame_check_to_string (const SktFrameCheck *self)
{
  if (!self->is_on)
    return g_strdup ("none");
  return g_strdup_printf ("%s form=%s order=%s begin=%u gap=%u at=-%u", skt_checksum_get_id (self->checksum),
                          forms[self->form], self->is_little ? "little" : "big", self->begin, self->gap,
                          self->after + skt_frame_check_get_width (self));
}

gboolean
skt_frame_check_equal (const SktFrameCheck *a, const SktFrameCheck *b)
{
  g_autofree char *x = skt_frame_check_to_string (a), *y = skt_frame_check_to_string (b);
  return g_str_equal (x, y);
}

/* -- One frame ----------------------------------------------------------------------------------------------- */

static gboolean
ends_with (const guint8 *bytes, gsize length, const void *end, gsize end_length)
{
  return length >= end_length && memcmp (bytes + length - end_length, end, end_length) == 0;
}

/* Without what ends it. The last frame of a stream may lack it. */
static gsize
get_inner_length (const SktFrameRule *rule, const guint8 *bytes, gsize length)
{
  if (rule->kind == SKT_FRAME_DELIMITER)
    return ends_with (bytes, length, rule->delimiter, rule->delimiter_length) ? length - rule->delimiter_length : length;
  if (rule->kind != SKT_FRAME_LINE)
    return length;
  if (rule->line_ending == SKT_LINE_ENDING_CR)
    return ends_with (bytes, length, "\r", 1) ? length - 1 : length;
  /* LF ends CR LF too */
  if (ends_with (bytes, length, "\r\n", 2))
    return length - 2;
  return rule->line_ending == SKT_LINE_ENDING_LF && ends_with (bytes, length, "\n", 1) ? length - 1 : length;
}

/* Hex digits as the bytes that they stand for. */
static gboolean
read_digits (const guint8 *digits, guint8 *bytes, gsize n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    {
      int high = g_ascii_xdigit_value (digits[2 * i]), low = g_ascii_xdigit_value (digits[2 * i + 1]);
      if (high < 0 || low < 0)
        return FALSE;
      bytes[i] = high << 4 | low;
    }
  return TRUE;
}

static guint32
read_number (const guint8 *bytes, guint width, gboolean is_little)
{
  guint32 value = 0;

  for (guint i = 0; i < width; i++)
    value = value << 8 | bytes[is_little ? width - 1 - i : i];
  return value;
}

static gboolean
sum_digits (SktChecksumState *state, const guint8 *digits, gsize length)
{
  guint8 bytes[512];

  if (length % 2 != 0)
    return FALSE;
  for (gsize i = 0; i < length; i += 2 * sizeof bytes)
    {
      gsize n = MIN (sizeof bytes, (length - i) / 2);
      if (!read_digits (digits + i, bytes, n))
        return FALSE;
      skt_checksum_update (state, bytes, n);
    }
  return TRUE;
}

SktFrameVerdict
skt_frame_check_verify (const SktFrameCheck *self,
                        const SktFrameRule *rule,
                        const guint8 *bytes,
                        gsize length,
                        guint32 *ret_expected,
                        guint32 *ret_found)
{
  guint width;
  gsize behind, inner, covered;
  guint8 found[4];
  SktChecksumState state;

  if (!self->is_on)
    return SKT_FRAME_VERDICT_NONE;
  width = skt_checksum_get_width (self->checksum);
  behind = skt_frame_check_get_width (self) + (gsize) self->after;
  inner = get_inner_length (rule, bytes, length);
  if (inner < self->begin + (gsize) self->gap + behind)
    return SKT_FRAME_VERDICT_TOO_SHORT;
  covered = inner - behind - self->gap - self->begin;

  if (self->form == SKT_FRAME_CHECK_BYTES)
    memcpy (found, bytes + inner - behind, width);
  else if (!read_digits (bytes + inner - behind, found, width))
    return SKT_FRAME_VERDICT_NO_DIGITS;
  skt_checksum_init (&state, self->checksum);
  if (self->form != SKT_FRAME_CHECK_HEX_ALL)
    skt_checksum_update (&state, bytes + self->begin, covered);
  else if (!sum_digits (&state, bytes + self->begin, covered))
    return SKT_FRAME_VERDICT_NO_DIGITS;
  *ret_expected = skt_checksum_get_value (&state);
  *ret_found = read_number (found, width, self->is_little);
  return *ret_expected == *ret_found ? SKT_FRAME_VERDICT_RIGHT : SKT_FRAME_VERDICT_WRONG;
}

char *
skt_frame_verdict_to_text (SktFrameVerdict verdict, const SktFrameCheck *check, guint32 expected, guint32 found)
{
  int digits = 2 * (int) skt_checksum_get_width (check->checksum);

  switch (verdict)
    {
    case SKT_FRAME_VERDICT_RIGHT:
      /* Translators: of a frame; the number in hex */
      return g_strdup_printf (_ ("checksum right: %0*X"), digits, found);
    case SKT_FRAME_VERDICT_WRONG:
      /* Translators: of a frame; the numbers in hex */
      return g_strdup_printf (_ ("checksum wrong: expected %0*X, found %0*X"), digits, expected, digits, found);
    case SKT_FRAME_VERDICT_TOO_SHORT:
      return g_strdup (_ ("checksum missing: the frame is too short for it"));
    case SKT_FRAME_VERDICT_NO_DIGITS:
      return g_strdup (_ ("checksum wrong: there should be hex digits only"));
    case SKT_FRAME_VERDICT_NONE:
    case SKT_N_FRAME_VERDICTS:
    default:
      return NULL;
    }
}
