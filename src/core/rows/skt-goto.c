/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-goto.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "skt-time-text.h"

#define NS_PER_S G_GUINT64_CONSTANT (1000000000)
/* Below this many records they are looked at one after another. */
#ifndef GOTO_LINEAR
#define GOTO_LINEAR 256
#endif
#define CHECK_CANCEL 4096

/* -- Parsing -------------------------------------------------------------------------------------------------- */

/* A whole number, decimal or 0x and hexadecimal, at the start. NULL if there is none, or it is too large. */
static const char *
parse_number (const char *p, guint64 *ret_number)
{
  int base = p[0] == '0' && (p[1] == 'x' || p[1] == 'X') ? 16 : 10;
  char *end;

  if (base == 16)
    p += 2;
  if (!(base == 16 ? g_ascii_isxdigit (*p) : g_ascii_isdigit (*p)))
    return NULL;
  errno = 0;
  *ret_number = g_ascii_strtoull (p, &end, base);
  return errno == 0 ? end : NULL;
}

/* "12.5", no sign and no exponent. */
static const char *
parse_decimal (const char *p, double *ret_number)
{
  gsize n = strspn (p, "0123456789.,");
  g_autofree char *digits = g_strndup (p, n);
  char *end;

  if (n == 0 || n > 40 || !g_ascii_isdigit (*p))
    return NULL;
  g_strdelimit (digits, ",", '.');
  *ret_number = g_ascii_strtod (digits, &end);
  return *end == '\0' ? p + n : NULL;
}

/* A number of up to max_digits digits. */
static const char *
parse_field (const char *p, guint min_digits, guint max_digits, guint *ret_number)
{
  guint n = 0, number = 0;

  for (; n < max_digits && g_ascii_isdigit (p[n]); n++)
    number = number * 10 + g_ascii_digit_value (p[n]);
  if (n < min_digits || g_ascii_isdigit (p[n]))
    return NULL;
  *ret_number = number;
  return p + n;
}

/* "12:00", "12:00:05", "12:00:05.25", to the end. */
static gboolean
parse_clock (const char *p, guint *ret_hour, guint *ret_minute, guint *ret_second, guint64 *ret_ns)
{
  guint64 unit = NS_PER_S;

  *ret_second = 0;
  *ret_ns = 0;
  p = parse_field (p, 1, 2, ret_hour);
  if (p == NULL || *p != ':')
    return FALSE;
  p = parse_field (p + 1, 2, 2, ret_minute);
  if (p != NULL && *p == ':')
    p = parse_field (p + 1, 2, 2, ret_second);
  if (p == NULL)
    return FALSE;
  if (*p == '.' || *p == ',')
    for (p++; g_ascii_isdigit (*p) && unit > 1; p++)
      *ret_ns += g_ascii_digit_value (*p) * (unit /= 10);
  return *p == '\0' && *ret_hour < 24 && *ret_minute < 60 && *ret_second < 60;
}

static gboolean
parse_date (const char *p, SktGoto *ret_goto)
{
  guint year, month, day, hour = 0, minute = 0, second = 0;
  guint64 ns = 0;
  g_autoptr (GDateTime) time = NULL;

  p = parse_field (p, 4, 4, &year);
  if (p == NULL || *p != '-')
    return FALSE;
  p = parse_field (p + 1, 2, 2, &month);
  if (p == NULL || *p != '-')
    return FALSE;
  p = parse_field (p + 1, 2, 2, &day);
  if (p == NULL)
    return FALSE;
  if (*p == 'T' || *p == ' ')
    {
      do
        p++;
      while (*p == ' ');
      if (!parse_clock (p, &hour, &minute, &second, &ns))
        return FALSE;
    }
  else if (*p != '\0')
    return FALSE;
  time = g_date_time_new_local (year, month, day, hour, minute, second);
  if (time == NULL || g_date_time_to_unix (time) < 0)
    return FALSE;
  ret_goto->kind = SKT_GOTO_TIME;
  ret_goto->number = g_date_time_to_unix (time) * NS_PER_S + ns;
  return TRUE;
}

/* Behind the sign. */
static gboolean
parse_difference (const char *p, gboolean is_negative, SktGoto *ret_goto)
{
  static const struct
  {
    const char *name;
    double ns;
  } units[] = {
    { "ns", 1 },      { "us", 1e3 },     { "\xc2\xb5s", 1e3 }, { "\xce\xbcs", 1e3 },   { "ms", 1e6 }, { "s", 1e9 },
    { "min", 60e9 },  { "h", 3600e9 },   { "d", 86400e9 },
  };
  guint64 bytes;
  double number;
  const char *end = parse_number (p, &bytes);

  if (end != NULL && *end == '\0' && bytes <= G_MAXINT64)
    {
      ret_goto->kind = SKT_GOTO_MOVE;
      ret_goto->difference = is_negative ? -(gint64) bytes : (gint64) bytes;
      return TRUE;
    }
  end = parse_decimal (p, &number);
  if (end == NULL)
    return FALSE;
  while (*end == ' ')
    end++;
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (end, units[i].name) && number * units[i].ns < 9e18)
      {
        ret_goto->kind = SKT_GOTO_DELAY;
        ret_goto->difference = (gint64) (number * units[i].ns + 0.5) * (is_negative ? -1 : 1);
        return TRUE;
      }
  return FALSE;
}

static gboolean
parse_percent (const char *p, SktGoto *ret_goto)
{
  const char *end = parse_decimal (p, &ret_goto->percent);

  while (end != NULL && *end == ' ')
    end++;
  if (end == NULL || !g_str_equal (end, "%") || ret_goto->percent > 100)
    return FALSE;
  ret_goto->kind = SKT_GOTO_PERCENT;
  return TRUE;
}

static gboolean
parse_any (const char *text, SktGoto *ret_goto)
{
  guint hour, minute, second;
  guint64 ns;
  const char *end;

  if (*text == '+' || *text == '-')
    {
      gsize n = 1 + strspn (text + 1, " ");
      return parse_difference (text + n, *text == '-', ret_goto);
    }
  if (g_str_has_prefix (text, "\xe2\x88\x92")) /* U+2212, the minus that typography has */
    return parse_difference (text + 3 + strspn (text + 3, " "), TRUE, ret_goto);
  if (*text == '#')
    {
      ret_goto->kind = SKT_GOTO_RECORD;
      end = parse_number (text + 1, &ret_goto->number);
      return end != NULL && *end == '\0' && ret_goto->number > 0;
    }
  end = parse_number (text, &ret_goto->number);
  if (end != NULL && *end == '\0')
    {
      ret_goto->kind = SKT_GOTO_OFFSET;
      return TRUE;
    }
  if (parse_percent (text, ret_goto) || parse_date (text, ret_goto))
    return TRUE;
  if (!parse_clock (text, &hour, &minute, &second, &ns))
    return FALSE;
  ret_goto->kind = SKT_GOTO_CLOCK;
  ret_goto->number = ((hour * 60 + minute) * 60 + second) * NS_PER_S + ns;
  return TRUE;
}

gboolean
skt_goto_parse (const char *text, SktGoto *ret_goto, GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  SktGoto place = { 0 };

  g_return_val_if_fail (text != NULL && ret_goto != NULL, FALSE);

  if (!parse_any (stripped, &place))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _ ("Not a place: say an offset (1204, 0x4b4, +100), a share (50%), a record (#17), a time "
                              "(12:00:05, 2026-01-31 12:00) or a delay (+5 s)"));
      return FALSE;
    }
  *ret_goto = place;
  return TRUE;
}

/* -- Finding -------------------------------------------------------------------------------------------------- */

typedef struct
{
  SktJournal *journal;
  SktJournalReader *reader;
  GCancellable *cancellable;
  guint64 first, n; /* records [first, n) */
} Search;

/* message: (transfer full) */
static gboolean
fail (GError **error, char *message)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, message);
  g_free (message);
  return FALSE;
}

static gboolean
fail_cleared (GError **error)
{
  return fail (error, g_strdup (_ ("That has been cleared")));
}

/* Record i, or the next one that is not damaged. */
static gboolean
get_from (Search *self, guint64 *i, SktRecord *ret_record)
{
  for (; *i < self->n; ++*i)
    if (skt_journal_reader_get_record (self->reader, *i, ret_record))
      return TRUE;
  return FALSE;
}

typedef guint64 (*KeyFunc) (const SktRecord *record);

static guint64
get_offset (const SktRecord *record)
{
  return record->offset;
}

static guint64
get_time (const SktRecord *record)
{
  return record->time_ns;
}

/* The first record whose key is at least `wanted`, if keys grow; n if there is none. */
static guint64
find_first (Search *self, KeyFunc key, guint64 wanted)
{
  guint64 low = self->first, high = self->n;
  SktRecord record;

  while (low < high)
    {
      guint64 middle = low + (high - low) / 2, i = middle;

      if (get_from (self, &i, &record) && i < high && key (&record) < wanted)
        low = i + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
find_in_session (Search *self, guint64 offset, SktPosition *ret_position, GError **error)
{
  guint64 length = skt_journal_get_payload_length (self->journal), i = self->first;
  g_autofree char *bytes = g_strdup_printf ("%" G_GUINT64_FORMAT, length);
  SktRecord record;

  if (offset >= length || !get_from (self, &i, &record))
    return fail (error, g_strdup_printf (ngettext ("The session has only %s byte", "The session has only %s bytes", length),
                                         bytes));
  if (offset < record.offset)
    return fail_cleared (error);
  for (i = find_first (self, get_offset, offset + 1); i > self->first; i--)
    if (skt_journal_reader_get_record (self->reader, i - 1, &record))
      {
        gboolean is_inside = skt_record_is_data (&record) && offset - record.offset < record.length;
        *ret_position = (SktPosition){ i - 1, is_inside ? offset - record.offset : 0 };
        return TRUE;
      }
  return fail_cleared (error);
}

/* The first record of the stream in [i, end); `end` if there is none. Stops when cancelled. */
static guint64
next_of_stream (Search *self, const SktGotoScope *scope, guint64 i, guint64 end, SktRecord *ret_record)
{
  for (; i < end; i++)
    {
      if (i % CHECK_CANCEL == 0 && g_cancellable_is_cancelled (self->cancellable))
        return end;
      if (skt_journal_reader_get_record (self->reader, i, ret_record) && ret_record->kind == scope->kind &&
          ret_record->connection == scope->connection)
        return i;
    }
  return end;
}

/* Offsets of a stream grow over its records, but where these are has to be looked for: halving goes on where the next one is found.
 * No record is looked at more than twice. */
static gboolean
find_in_stream (Search *self, const SktGotoScope *scope, guint64 offset, SktPosition *ret_position, GError **error)
{
  guint64 low = self->first, high = self->n, i;
  g_autofree char *bytes = NULL;
  SktRecord record, last = { 0 };

  while (high - low > GOTO_LINEAR && !g_cancellable_is_cancelled (self->cancellable))
    {
      guint64 middle = low + (high - low) / 2;

      i = next_of_stream (self, scope, middle, high, &record);
      if (i < high && record.stream_offset <= offset)
        low = i;
      else
        high = middle;
    }
  for (i = low; (i = next_of_stream (self, scope, i, high, &record)) < high && record.stream_offset <= offset; i++)
    {
      last = record;
      if (offset - record.stream_offset < record.length)
        {
          *ret_position = (SktPosition){ i, offset - record.stream_offset };
          return TRUE;
        }
    }
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (last.kind == SKT_RECORD_NONE &&
      next_of_stream (self, scope, low, self->n, &record) < self->n)
    return fail_cleared (error);
  bytes = g_strdup_printf ("%" G_GUINT64_FORMAT, last.stream_offset + last.length);
  if (scope->kind == SKT_RECORD_SENT)
    return fail (error, g_strdup_printf (ngettext ("Only %s byte has been sent there", "Only %s bytes have been sent there",
                                                   last.stream_offset + last.length),
                                         bytes));
  return fail (error, g_strdup_printf (ngettext ("Only %s byte has been received from there",
                                                 "Only %s bytes have been received from there",
                                                 last.stream_offset + last.length),
                                       bytes));
}

static gboolean
find_record (Search *self, guint64 number, SktPosition *ret_position, GError **error)
{
  g_autofree char *last = g_strdup_printf ("%" G_GUINT64_FORMAT, self->n);

  if (number > self->n)
    /* Translators: %s is a number */
    return fail (error, g_strdup_printf (_ ("The last record is #%s"), last));
  if (number - 1 < self->first)
    return fail_cleared (error);
  *ret_position = (SktPosition){ number - 1, 0 };
  return TRUE;
}

static gboolean
find_time (Search *self, guint64 time_ns, SktPosition *ret_position, GError **error)
{
  guint64 i = find_first (self, get_time, time_ns), last = self->n;
  g_autofree char *text = NULL;
  SktRecord record = { 0 };

  if (i < self->n)
    {
      *ret_position = (SktPosition){ i, 0 };
      return TRUE;
    }
  while (last > self->first && !skt_journal_reader_get_record (self->reader, last - 1, &record))
    last--;
  text = skt_time_to_text (record.time_ns);
  /* Translators: %s is a date and time */
  return fail (error, g_strdup_printf (_ ("The last record was made at %s"), text));
}

static guint64
add (guint64 number, gint64 difference)
{
  if (difference >= 0)
    return number > G_MAXUINT64 - (guint64) difference ? G_MAXUINT64 : number + difference;
  return number < -(guint64) difference ? 0 : number - -(guint64) difference;
}

/* On the local day of `time_ns`. */
static guint64
clock_to_time (guint64 time_ns, guint64 clock_ns)
{
  g_autoptr (GDateTime) day = g_date_time_new_from_unix_local (time_ns / NS_PER_S);
  g_autoptr (GDateTime) time = NULL;
  guint seconds = clock_ns / NS_PER_S;

  if (day != NULL)
    time = g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day), g_date_time_get_day_of_month (day),
                                  seconds / 3600, seconds / 60 % 60, seconds % 60);
  return time != NULL ? g_date_time_to_unix (time) * NS_PER_S + clock_ns % NS_PER_S : clock_ns;
}

static gboolean
find_move (Search *self, SktPosition here, const SktRecord *record, gint64 difference, SktPosition *ret_position,
           GError **error)
{
  SktGotoScope scope = { record->connection, record->kind };

  if (!skt_record_is_data (record))
    return find_in_session (self, add (record->offset, difference), ret_position, error);
  return find_in_stream (self, &scope, add (record->stream_offset + here.begin, difference), ret_position, error);
}

static gboolean
find_percent (Search *self, double percent, SktPosition *ret_position, GError **error)
{
  guint64 length = skt_journal_get_payload_length (self->journal), i = self->first, begin = 0;
  SktRecord record;

  if (get_from (self, &i, &record))
    begin = record.offset;
  if (percent >= 100 || length <= begin)
    {
      *ret_position = (SktPosition){ self->n - 1, 0 };
      if (skt_journal_reader_get_record (self->reader, self->n - 1, &record) && skt_record_is_data (&record) &&
          record.length > 0)
        ret_position->begin = record.length - 1;
      return TRUE;
    }
  return find_in_session (self, begin + (guint64) ((length - begin) * (percent / 100)), ret_position, error);
}

static gboolean
find (Search *self, const SktGoto *place, const SktGotoScope *scope, SktPosition here, SktPosition *ret_position, GError **error)
{
  SktRecord record;

  if (self->first >= self->n)
    return fail (error, g_strdup (_ ("There is nothing yet")));
  if (!skt_journal_reader_get_record (self->reader, CLAMP (here.record, self->first, self->n - 1), &record))
    record = (SktRecord){ .kind = SKT_RECORD_NOTE };
  switch (place->kind)
    {
    case SKT_GOTO_OFFSET:
      return scope->connection == 0 ? find_in_session (self, place->number, ret_position, error)
                                    : find_in_stream (self, scope, place->number, ret_position, error);
    case SKT_GOTO_MOVE:
      return find_move (self, here, &record, place->difference, ret_position, error);
    case SKT_GOTO_PERCENT:
      return find_percent (self, place->percent, ret_position, error);
    case SKT_GOTO_RECORD:
      return find_record (self, place->number, ret_position, error);
    case SKT_GOTO_TIME:
      return find_time (self, place->number, ret_position, error);
    case SKT_GOTO_CLOCK:
      return find_time (self, clock_to_time (record.time_ns, place->number), ret_position, error);
    case SKT_GOTO_DELAY:
      return find_time (self, add (record.time_ns, place->difference), ret_position, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

gboolean
skt_goto_find (SktJournal *journal,
               const SktGoto *place,
               const SktGotoScope *scope,
               SktPosition here,
               GCancellable *cancellable,
               SktPosition *ret_position,
               GError **error)
{
  g_autoptr (SktJournalReader) reader = NULL;
  Search search = { .journal = journal, .cancellable = cancellable };

  g_return_val_if_fail (journal != NULL && place != NULL && scope != NULL && ret_position != NULL, FALSE);

  reader = skt_journal_reader_new (journal);
  search.reader = reader;
  search.n = skt_journal_get_n_records (journal);
  search.first = skt_journal_get_first_record (journal);
  return find (&search, place, scope, here, ret_position, error);
}

/* -- In a worker ---------------------------------------------------------------------------------------------- */

typedef struct
{
  SktJournal *journal;
  SktGoto place;
  SktGotoScope scope;
  SktPosition here;
} Task;

static void
task_free (gpointer data)
{
  Task *task = data;

  skt_journal_unref (task->journal);
  g_free (task);
}

static void
find_in_worker (GTask *gtask, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Task *task = task_data;
  SktPosition position;
  GError *error = NULL;

  if (skt_goto_find (task->journal, &task->place, &task->scope, task->here, cancellable, &position, &error))
    g_task_return_pointer (gtask, g_memdup2 (&position, sizeof position), g_free);
  else
    g_task_return_error (gtask, error);
}

void
skt_goto_find_async (SktJournal *journal,
                     const SktGoto *place,
                     const SktGotoScope *scope,
                     SktPosition here,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) gtask = NULL;
  Task *task;

  g_return_if_fail (journal != NULL && place != NULL && scope != NULL);

  task = g_new (Task, 1);
  *task = (Task){ skt_journal_ref (journal), *place, *scope, here };
  gtask = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (gtask, skt_goto_find_async);
  g_task_set_task_data (gtask, task, task_free);
  g_task_run_in_thread (gtask, find_in_worker);
}

gboolean
skt_goto_find_finish (GAsyncResult *result, SktPosition *ret_position, GError **error)
{
  g_autofree SktPosition *position = NULL;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  position = g_task_propagate_pointer (G_TASK (result), error);
  if (position == NULL)
    return FALSE;
  *ret_position = *position;
  return TRUE;
}
