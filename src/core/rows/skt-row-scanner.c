/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-row-scanner.h"

#include <string.h>

#ifndef WINDOW_SIZE
#define WINDOW_SIZE (128 * 1024)
#endif
/* How far seek_guess() looks back: records, and bytes of one record. */
#ifndef GUESS_RECORDS
#define GUESS_RECORDS 512
#endif
#define GUESS_BYTES 4096
/* Bytes in which a character border is all but sure to be found. */
#define GUESS_SEEN 256

/* How far seek_guess() looks for the beginning of a row of a stream. */
#ifndef GUESS_STREAM_BYTES
#define GUESS_STREAM_BYTES (64 * 1024)
#endif
/* A few bytes more than a row, so that the end of what is looked at is not taken for the end of a piece. */
#define LOOK_AHEAD 8

/* Bytes of a read that are searched at a time. */
#ifndef MATCH_WINDOW
#define MATCH_WINDOW (1024 * 1024)
#endif

/* Of the table of states, which has only what is not empty. */
typedef struct
{
  SktStreamState state;
  guint32 epoch; /* in which it was left */
} StreamEntry;

/* Where the bytes stop that could be in the next row. */
typedef enum
{
  STOPS_NOT,      /* there are more than a row can have */
  STOPS_HERE,     /* something else comes */
  STOPS_PAUSE,    /* a pause ends the frame */
  STOPS_OPEN,     /* more may come */
} Stop;

struct _SktRowScanner
{
  /* owned */
  SktJournal *journal;
  SktLayout *layout;
  SktJournalReader *reader;
  GHashTable *states;  /* stream key + 1 → StreamEntry */
  GHashTable *guessed; /* stream keys whose state was guessed since the seek; NULL: states are known */
  guint8 *window;      /* payload bytes [window_offset, window_offset + window_length) */
  guint64 window_offset;
  gsize window_length;
  guint8 *match_window; /* what is searched for the pattern */
  guint8 *gathered;    /* bytes of several records, in a row */
  GArray *pieces;      /* SktRowPiece: where they lie */

  SktPosition position;
  guint64 last_record; /* where the row before begins */
  guint64 end;
  guint64 skip_limit;
  guint64 n_looked;
  gboolean in_record;  /* `record` is that of position.record and shown */
  gboolean was_cut;
  gboolean row_matches; /* the pattern, if there is one */
  SktStreamState state; /* of the record's stream, at position */
  SktRecord record;
  SktRecord row_record; /* of the row that was returned last */

  /* of a row that was open: its pieces, each found once, and up to where there is nothing that is shown after the last */
  GArray *next_pieces; /* guint64, records */
  guint64 looked_from, looked_until;

  guint32 epoch;
  SktRowScannerStateFunc state_func;
  gpointer state_data;
};

SktRowScanner *
skt_row_scanner_new (SktJournal *journal, SktLayout *layout)
{
  SktRowScanner *self = g_new0 (SktRowScanner, 1);
  self->journal = skt_journal_ref (journal);
  self->layout = skt_layout_ref (layout);
  self->reader = skt_journal_reader_new (journal);
  self->states = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->pieces = g_array_new (FALSE, FALSE, sizeof (SktRowPiece));
  self->next_pieces = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->end = G_MAXUINT64;
  self->last_record = self->looked_from = G_MAXUINT64;
  self->epoch = 1;
  return self;
}

void
skt_row_scanner_free (SktRowScanner *self)
{
  g_clear_pointer (&self->reader, skt_journal_reader_free);
  g_clear_pointer (&self->journal, skt_journal_unref);
  g_clear_pointer (&self->layout, skt_layout_unref);
  g_clear_pointer (&self->states, g_hash_table_unref);
  g_clear_pointer (&self->guessed, g_hash_table_unref);
  g_clear_pointer (&self->pieces, g_array_unref);
  g_clear_pointer (&self->next_pieces, g_array_unref);
  g_free (self->window);
  g_free (self->gathered);
  g_free (self->match_window);
  g_free (self);
}

static void
forget_next_pieces (SktRowScanner *self)
{
  g_array_set_size (self->next_pieces, 0);
  self->looked_from = G_MAXUINT64;
}

void
skt_row_scanner_seek (SktRowScanner *self, SktPosition position, guint64 last_record)
{
  forget_next_pieces (self);
  g_hash_table_remove_all (self->states);
  g_clear_pointer (&self->guessed, g_hash_table_unref);
  self->position = position;
  self->last_record = last_record;
  self->in_record = FALSE;
  self->state = (SktStreamState){ 0 };
}

void
skt_row_scanner_set_end (SktRowScanner *self, guint64 end)
{
  if (end < self->end)
    forget_next_pieces (self);
  self->end = end;
}

void
skt_row_scanner_set_skip_limit (SktRowScanner *self, guint64 limit)
{
  self->skip_limit = limit;
}

guint64
skt_row_scanner_take_looked (SktRowScanner *self)
{
  guint64 n_looked = self->n_looked;
  self->n_looked = 0;
  return n_looked;
}

/* Something is not shown. FALSE: that is enough for now. */
static gboolean
pass_over (SktRowScanner *self, guint64 *skipped, guint64 cost)
{
  self->n_looked += cost;
  *skipped += cost;
  if (self->skip_limit > 0 && *skipped >= self->skip_limit)
    self->was_cut = TRUE;
  return !self->was_cut;
}

gboolean
skt_row_scanner_was_cut (SktRowScanner *self)
{
  return self->was_cut;
}

static gboolean
is_by_frames (SktRowScanner *self)
{
  return skt_layout_get_mode (self->layout) == SKT_MODE_FRAMES;
}

static gboolean
is_by_read_pattern (SktRowScanner *self)
{
  return skt_layout_get_pattern (self->layout) != NULL && skt_layout_get_mode (self->layout) == SKT_MODE_READS;
}

static gpointer
stream_to_key (guint64 stream)
{
  return (gpointer) (gsize) (stream + 1);
}

static gboolean
state_is_empty (const SktStreamState *state)
{
  return state->carry.length == 0 && state->frame.seen == 0 && state->frame.last_time_ns == 0;
}

void
skt_row_scanner_set_state (SktRowScanner *self, guint64 stream, const SktStreamState *state)
{
  StreamEntry *entry;

  if (state_is_empty (state))
    {
      g_hash_table_remove (self->states, stream_to_key (stream));
      return;
    }
  entry = g_new (StreamEntry, 1);
  *entry = (StreamEntry){ *state, self->epoch };
  g_hash_table_insert (self->states, stream_to_key (stream), entry);
}

SktPosition
skt_row_scanner_get_position (SktRowScanner *self)
{
  return self->position;
}

guint64
skt_row_scanner_get_last_record (SktRowScanner *self)
{
  return self->last_record;
}

const SktRecord *
skt_row_scanner_get_record (SktRowScanner *self)
{
  return &self->row_record;
}

void
skt_row_scanner_begin_epoch (SktRowScanner *self, SktRowScannerStateFunc func, gpointer user_data)
{
  self->epoch++;
  self->state_func = func;
  self->state_data = user_data;
  /* In the middle of a record its stream has been entered already. */
  if (self->in_record && skt_record_is_data (&self->record) && !state_is_empty (&self->state))
    func (skt_stream_key (&self->record), &self->state, user_data);
}

/* What the bytes at the end of a record leave unfinished, walking from the last place that is surely a unit border. */
static SktCarry
carry_at_end (SktRowScanner *self, const SktRecord *record, SktCarry carry)
{
  SktEncoding encoding = skt_layout_get_encoding (self->layout);
  guint8 buffer[GUESS_BYTES];
  gsize length = MIN (record->length, sizeof buffer), pos = 0;
  gboolean is_utf_16 = encoding == SKT_ENCODING_UTF_16LE || encoding == SKT_ENCODING_UTF_16BE;

  /* In UTF-16 units are counted from the stream's start, whose parity the stream offset tells. */
  if (is_utf_16 && length == sizeof buffer && (record->stream_offset + record->length - length) % 2 != 0)
    length--;
  length = skt_journal_read_payload (self->journal, record->offset + record->length - length, buffer, length);
  if (length < record->length)
    {
      carry = (SktCarry){ 0 };
      for (gsize i = length; !is_utf_16 && i > 0; i--)
        if (buffer[i - 1] < 0x30) /* no trail byte of any of the sets */
          {
            pos = i;
            break;
          }
    }
  while (pos < length)
    pos += skt_encoding_split_row (encoding, &carry, buffer + pos, length - pos, GUESS_BYTES);
  return carry;
}

/* What the record's stream carries where the record begins. */
static SktCarry
guess_carry (SktRowScanner *self, guint64 index, const SktRecord *record)
{
  SktRecord earlier;
  guint64 back[GUESS_RECORDS];
  guint n_back = 0;
  guint64 seen = 0;
  SktCarry carry = { 0 };

  if (record->stream_offset == 0)
    return carry;
  /* Back over enough bytes to synchronize in, or to the first of the stream... */
  for (guint64 i = index; i > 0 && index - i < GUESS_RECORDS; i--)
    {
      if (!skt_journal_reader_get_record (self->reader, i - 1, &earlier) || !skt_record_is_data (&earlier) ||
          skt_stream_key (&earlier) != skt_stream_key (record))
        continue;
      back[n_back++] = i - 1;
      seen += earlier.length;
      if (seen >= GUESS_SEEN || earlier.stream_offset == 0)
        break;
    }
  /* ... and forward again. */
  while (n_back > 0)
    if (skt_journal_reader_get_record (self->reader, back[--n_back], &earlier))
      carry = carry_at_end (self, &earlier, carry);
  return carry;
}

/* What the record's stream has begun where the walk enters it for the first time since a seek. */
static void
guess_state (SktRowScanner *self)
{
  const SktFrameRule *rule = skt_layout_get_frame_rule (self->layout);

  if (is_by_frames (self) && rule->kind == SKT_FRAME_FIXED)
    self->state.frame.seen = (self->record.stream_offset + self->position.begin) % rule->length;
  if (skt_layout_has_text (self->layout) && self->position.begin == 0)
    self->state.carry = guess_carry (self, self->position.record, &self->record);
}

/* What is begun in the record's stream comes out of the table: it belongs to the record being walked until that is done. */
static void
enter_record (SktRowScanner *self)
{
  guint64 stream = skt_stream_key (&self->record);
  StreamEntry *entry;

  self->in_record = TRUE;
  self->state = (SktStreamState){ 0 };
  if (!skt_record_is_data (&self->record))
    return;
  /* The record before may not be shown, and is not walked then. */
  if (is_by_read_pattern (self))
    {
      if (self->position.begin == 0)
        guess_state (self);
      return;
    }
  if (self->guessed != NULL && g_hash_table_add (self->guessed, stream_to_key (stream)))
    {
      guess_state (self);
      if (!state_is_empty (&self->state) && self->state_func != NULL)
        self->state_func (stream, &self->state, self->state_data);
      return;
    }
  if (g_hash_table_size (self->states) == 0)
    return;

  entry = g_hash_table_lookup (self->states, stream_to_key (stream));
  if (entry == NULL)
    return;
  self->state = entry->state;
  if (self->position.begin > 0)
    self->state.carry = (SktCarry){ 0 };
  if (self->state_func != NULL && entry->epoch != self->epoch)
    self->state_func (stream, &self->state, self->state_data);
  g_hash_table_remove (self->states, stream_to_key (stream));
}

static void
leave_record (SktRowScanner *self)
{
  if (!is_by_read_pattern (self) && skt_record_is_data (&self->record) && !state_is_empty (&self->state))
    skt_row_scanner_set_state (self, skt_stream_key (&self->record), &self->state);
  self->in_record = FALSE;
  self->position.record++;
  self->position.begin = 0;
}

/* Payload bytes of the record from `begin` on: at least min (wanted, rest of the record) unless the journal is damaged. Borrowed
 * until the next call. */
static const guint8 *
peek (SktRowScanner *self, const SktRecord *record, guint32 begin, gsize wanted, gsize *ret_length)
{
  guint64 offset = record->offset + begin;
  gsize rest = record->length - begin;
  gsize need = MIN (wanted, rest);

  if (offset < self->window_offset || offset + need > self->window_offset + self->window_length)
    {
      guint64 published = skt_journal_get_payload_length (self->journal);

      if (self->window == NULL)
        self->window = g_malloc (WINDOW_SIZE);
      self->window_offset = offset;
      self->window_length = published <= offset ? 0
                                                : skt_journal_read_payload (self->journal, offset, self->window,
                                                                            MIN (WINDOW_SIZE, published - offset));
    }
  *ret_length = MIN (rest, self->window_offset + self->window_length - offset);
  return self->window + (offset - self->window_offset);
}

/* Whether a read or write has the pattern somewhere. A record is at most 1 MiB (see skt_journal_reserve()), but for large
 * writes: these are searched window by window. */
static gboolean
record_matches (SktRowScanner *self)
{
  SktPattern *pattern = skt_layout_get_pattern (self->layout);
  gsize begin, end, length, overlap = MAX (skt_pattern_get_max_length (pattern), 1) - 1, max = MATCH_WINDOW;
  guint64 at = 0;
  SktCarry carry;

  if (self->match_window == NULL)
    self->match_window = g_malloc (MATCH_WINDOW);
  carry = skt_layout_has_text (self->layout) ? guess_carry (self, self->position.record, &self->record)
                                             : (SktCarry){ 0 };
  memcpy (self->match_window, carry.bytes, carry.length);
  length = carry.length;
  while (at < self->record.length)
    {
      gsize wanted = MIN (max - length, self->record.length - at);
      gsize got = skt_journal_read_payload (self->journal, self->record.offset + at, self->match_window + length, wanted);

      length += got;
      at += got;
      if (skt_pattern_find (pattern, self->match_window, length, 0, &begin, &end))
        return TRUE;
      if (got < wanted || got == 0)
        return FALSE;
      if (length > overlap)
        {
          memmove (self->match_window, self->match_window + length - overlap, overlap);
          length = overlap;
        }
    }
  return FALSE;
}

gboolean
skt_row_scanner_shows_bytes (SktRowScanner *self, guint64 index, const SktRecord *record)
{
  if (!is_by_read_pattern (self))
    return TRUE;
  self->position = (SktPosition){ index, 0 };
  self->record = *record;
  return record_matches (self);
}

/* Whether the record is shown; *ret_cost: what looking at it costs. */
static gboolean
shows_record (SktRowScanner *self, guint64 *ret_cost)
{
  *ret_cost = 1;
  if (!skt_journal_reader_get_record (self->reader, self->position.record, &self->record) ||
      !skt_layout_shows (self->layout, &self->record) ||
      (skt_record_is_data (&self->record) && self->position.begin >= self->record.length))
    return FALSE;
  if (!is_by_read_pattern (self) || self->position.begin > 0)
    return TRUE;
  *ret_cost += self->record.length / 1024;
  return record_matches (self);
}

/* Goes to the next record that is shown. FALSE at the end, or when the skip limit is reached. */
static gboolean
find_record (SktRowScanner *self)
{
  guint64 n = MIN (self->end, skt_journal_get_n_records (self->journal));
  guint64 skipped = 0, cost;

  while (self->position.record < n)
    {
      if (shows_record (self, &cost))
        {
          self->n_looked += cost - 1;
          enter_record (self);
          return TRUE;
        }
      self->position.record++;
      self->position.begin = 0;
      if (!pass_over (self, &skipped, cost))
        return FALSE;
    }
  return FALSE;
}

/* -- Rows of several records --------------------------------------------------------------------------------- */

/* The next record that is shown after the last of n pieces. HERE: it is not of the same stream; OPEN: there is none yet. */
static Stop
find_next_piece (SktRowScanner *self, guint64 after, guint n_pieces, SktRecord *ret_record, guint64 *ret_index)
{
  guint64 n = MIN (self->end, skt_journal_get_n_records (self->journal));
  guint64 i = after + 1, skipped = 0;

  if (n_pieces <= self->next_pieces->len)
    i = g_array_index (self->next_pieces, guint64, n_pieces - 1);
  else if (self->looked_from == after)
    i = self->looked_until;
  for (; i < n; i++)
    {
      if (skt_journal_reader_get_record (self->reader, i, ret_record) && skt_layout_shows (self->layout, ret_record) &&
          (!skt_record_is_data (ret_record) || ret_record->length > 0))
        break;
      if (!pass_over (self, &skipped, 1))
        n = ++i;
    }
  if (i >= n)
    {
      self->looked_from = after;
      self->looked_until = n;
      return STOPS_OPEN;
    }
  if (n_pieces > self->next_pieces->len)
    g_array_append_val (self->next_pieces, i);
  *ret_index = i;
  return skt_record_is_data (ret_record) && skt_stream_key (ret_record) == skt_stream_key (&self->record) ? STOPS_NOT
                                                                                                           : STOPS_HERE;
}

/* A line feed is never part of another character but in UTF-16. */
static gboolean
has_line_end (SktRowScanner *self, const guint8 *bytes, gsize length)
{
  SktEncoding encoding = skt_layout_get_encoding (self->layout);
  return skt_layout_has_text (self->layout) && encoding != SKT_ENCODING_UTF_16LE && encoding != SKT_ENCODING_UTF_16BE &&
         memchr (bytes, '\n', length) != NULL;
}

/* No need to look further than these bytes: the row ends among them. */
static gboolean
ends_among (SktRowScanner *self, SktFrameState *frame, const guint8 *bytes, gsize length)
{
  gboolean is_complete;

  if (!is_by_frames (self))
    return has_line_end (self, bytes, length);
  skt_frame_next (skt_layout_get_frame_rule (self->layout), frame, bytes, length, &is_complete);
  return is_complete;
}

/* The record that comes after a piece of the row, if its bytes go on with the row. */
static Stop
find_more (SktRowScanner *self, guint64 after, SktRecord *record, guint64 *ret_index)
{
  SktFrameState before = { .seen = 1, .last_time_ns = record->time_ns };
  Stop stop = find_next_piece (self, after, self->pieces->len, record, ret_index);

  if (stop == STOPS_NOT && is_by_frames (self) &&
      skt_frame_begin_piece (skt_layout_get_frame_rule (self->layout), &before, record->time_ns))
    return STOPS_PAUSE;
  return stop;
}

/* The bytes that the next row is cut from, at least `wanted` or up to where they stop, and where they lie. */
static const guint8 *
gather (SktRowScanner *self, gsize wanted, SktFrameState frame, gsize *ret_length, Stop *ret_stop)
{
  SktRowPiece piece = { self->position.record, self->position.begin, 0 };
  SktRecord record = self->record;
  const guint8 *bytes = peek (self, &record, piece.begin, wanted, ret_length);
  gsize length = *ret_length, got;

  g_array_set_size (self->pieces, 0);
  g_array_append_val (self->pieces, piece);
  *ret_stop = STOPS_NOT;
  if (length == 0 || length >= wanted || ends_among (self, &frame, bytes, length))
    return bytes;

  if (self->gathered == NULL)
    self->gathered = g_malloc (SKT_TEXT_ROW_BYTES + LOOK_AHEAD);
  memcpy (self->gathered, bytes, length);
  while (length < wanted)
    {
      *ret_stop = find_more (self, piece.record, &record, &piece.record);
      if (*ret_stop != STOPS_NOT)
        break;
      piece.begin = 0;
      piece.index = length;
      bytes = peek (self, &record, 0, wanted - length, &got);
      got = MIN (got, wanted - length);
      if (got == 0)
        {
          *ret_stop = STOPS_HERE;
          break;
        }
      g_array_append_val (self->pieces, piece);
      memcpy (self->gathered + length, bytes, got);
      length += got;
      if (ends_among (self, &frame, bytes, got))
        break;
    }
  *ret_length = length;
  return self->gathered;
}

/* How many bytes the row has at most. Rows of hex stand at multiples of their length, as in a hexdump of the stream. */
static gsize
get_max_length (SktRowScanner *self)
{
  guint per_row = skt_layout_get_bytes_per_row (self->layout);

  if (skt_layout_get_view (self->layout) == SKT_VIEW_TEXT)
    return SKT_TEXT_ROW_BYTES;
  if (skt_layout_get_view (self->layout) == SKT_VIEW_HEX && skt_layout_get_mode (self->layout) == SKT_MODE_STREAM)
    return per_row - (self->record.stream_offset + self->position.begin) % per_row;
  return per_row;
}

/* Whether the row of text ends where it does because it is full or at a line feed, and not for want of more bytes. */
static gboolean
is_full (SktRowScanner *self, const guint8 *bytes, gsize length, gsize max, SktCarry carry)
{
  SktEncoding encoding = skt_layout_get_encoding (self->layout);
  guint8 first, second;

  if (carry.length > 0)
    return FALSE;
  if (length >= max)
    return TRUE;
  if (!skt_layout_has_text (self->layout))
    return FALSE;
  if (encoding != SKT_ENCODING_UTF_16LE && encoding != SKT_ENCODING_UTF_16BE)
    return bytes[length - 1] == '\n';
  if (length < 2 || (self->state.carry.length + length) % 2 != 0)
    return FALSE;
  first = encoding == SKT_ENCODING_UTF_16LE ? bytes[length - 2] : bytes[length - 1];
  second = encoding == SKT_ENCODING_UTF_16LE ? bytes[length - 1] : bytes[length - 2];
  return first == '\n' && second == 0;
}

/* After the row: to the byte after its last one. */
static void
go_behind (SktRowScanner *self, const SktRow *row)
{
  forget_next_pieces (self);
  if (row->end.record != self->position.record)
    skt_journal_reader_get_record (self->reader, row->end.record, &self->record);
  self->position = row->end;
  if (row->is_last)
    leave_record (self);
}

/* Ends the row after row->length of the gathered bytes. Returns when the last of these came or went. */
static guint64
set_row_end (SktRowScanner *self, SktRow *row)
{
  const SktRowPiece *last;
  SktRecord record = self->record;
  guint k = self->pieces->len - 1;

  while (k > 0 && g_array_index (self->pieces, SktRowPiece, k).index >= row->length)
    k--;
  last = &g_array_index (self->pieces, SktRowPiece, k);
  row->end = (SktPosition){ last->record, last->begin + (row->length - last->index) };
  if (last->record != self->position.record)
    skt_journal_reader_get_record (self->reader, last->record, &record);
  row->is_last = row->end.begin >= record.length;
  return record.time_ns;
}

/* What can't be read (a damaged journal) is one row. */
static void
next_unreadable (SktRowScanner *self, SktRow *row)
{
  row->length = self->record.length - row->begin;
  row->ends_piece = TRUE;
  set_row_end (self, row);
  self->state = (SktStreamState){ 0 };
  go_behind (self, row);
}

/* The frame's share of the row's bytes. */
static gboolean
cut_by_frame (SktRowScanner *self, SktRow *row, SktStreamState *state, const guint8 *bytes, gsize length, Stop stop)
{
  gboolean is_complete;

  row->length = skt_frame_next (skt_layout_get_frame_rule (self->layout), &state->frame, bytes, row->length,
                                &is_complete);
  if (row->length == length && stop == STOPS_PAUSE)
    is_complete = TRUE;
  if (is_complete)
    *state = (SktStreamState){ 0 };
  return is_complete;
}

static gboolean
row_matches (SktRowScanner *self, const guint8 *bytes, gsize length)
{
  SktPattern *pattern = skt_layout_get_pattern (self->layout);
  gsize begin, end;

  return pattern == NULL || skt_pattern_find (pattern, bytes, length, 0, &begin, &end);
}

static void
next_in_stream (SktRowScanner *self, SktRow *row)
{
  gboolean by_frames = is_by_frames (self), is_complete = FALSE, has_more;
  const SktFrameRule *rule = skt_layout_get_frame_rule (self->layout);
  SktStreamState state = self->state;
  gsize max = get_max_length (self), length;
  const guint8 *bytes;
  guint64 time_ns;
  Stop stop;

  if (by_frames && row->begin == 0 && skt_frame_begin_piece (rule, &state.frame, self->record.time_ns))
    state.carry = (SktCarry){ 0 };
  row->carry = state.carry;
  row->is_first = by_frames ? row->begin == 0 || state.frame.seen == 0 : self->last_record != row->record;
  row->continues = by_frames && row->begin == 0 && state.frame.seen > 0;
  bytes = gather (self, max + LOOK_AHEAD, state.frame, &length, &stop);
  if (length == 0)
    {
      next_unreadable (self, row);
      return;
    }

  row->length = MIN (length, max);
  if (skt_layout_has_text (self->layout))
    row->length = skt_encoding_split_row (skt_layout_get_encoding (self->layout), &state.carry, bytes, length, max);
  if (by_frames)
    is_complete = cut_by_frame (self, row, &state, bytes, length, stop);
  has_more = row->length < length || stop == STOPS_NOT;
  /* A full row ends where it does whatever comes, or does not. */
  if (!has_more && !is_complete && !by_frames)
    has_more = is_full (self, bytes, row->length, max, state.carry);
  row->ends_piece = is_complete || !has_more;
  /* By a pause the last may be longer; what else comes is no part of any other, and what goes on after it says so. */
  row->is_unfinished = by_frames && !is_complete && !has_more && (rule->kind != SKT_FRAME_PAUSE || stop == STOPS_OPEN);
  row->is_open = stop == STOPS_OPEN && !is_complete && !has_more;
  self->row_matches = row_matches (self, bytes, row->length);
  time_ns = set_row_end (self, row);
  if (row->is_open)
    return;
  if (by_frames && rule->kind == SKT_FRAME_PAUSE)
    state.frame.last_time_ns = time_ns;
  self->state = state;
  go_behind (self, row);
}

/* -- Rows of one record -------------------------------------------------------------------------------------- */

static void
next_in_record (SktRowScanner *self, SktRow *row)
{
  gsize max = get_max_length (self), length;
  const guint8 *bytes;

  row->carry = self->state.carry;
  row->is_first = row->begin == 0;
  row->length = MIN (self->record.length - row->begin, max);
  if (skt_layout_has_text (self->layout))
    {
      bytes = peek (self, &self->record, row->begin, max + LOOK_AHEAD, &length);
      row->length = length > 0 ? skt_encoding_split_row (skt_layout_get_encoding (self->layout), &self->state.carry,
                                                         bytes, length, max)
                               : self->record.length - row->begin;
    }
  self->position.begin += row->length;
  row->end = self->position;
  row->is_last = row->ends_piece = self->position.begin >= self->record.length;
  if (row->is_last)
    leave_record (self);
}

static gboolean
next_row (SktRowScanner *self, SktRow *ret_row)
{
  if (!self->in_record && !find_record (self))
    return FALSE;

  self->row_record = self->record;
  *ret_row = (SktRow){ .record = self->position.record, .begin = self->position.begin, .end = self->position };
  self->row_matches = TRUE;
  if (!skt_record_is_data (&self->record))
    {
      ret_row->is_first = ret_row->is_last = ret_row->ends_piece = TRUE;
      leave_record (self);
    }
  else if (skt_layout_get_mode (self->layout) == SKT_MODE_READS)
    next_in_record (self, ret_row);
  else
    next_in_stream (self, ret_row);
  if (!ret_row->is_open)
    self->last_record = ret_row->record;
  return TRUE;
}

gboolean
skt_row_scanner_next (SktRowScanner *self, SktRow *ret_row)
{
  guint64 skipped = 0;

  self->was_cut = FALSE;
  while (next_row (self, ret_row))
    {
      if (self->row_matches)
        {
          /* Its neighbours may not be shown: each says when it was. */
          if (skt_layout_get_pattern (self->layout) != NULL && skt_layout_get_mode (self->layout) != SKT_MODE_READS)
            ret_row->is_first = TRUE;
          return TRUE;
        }
      if (ret_row->is_open || !pass_over (self, &skipped, 1))
        return FALSE;
    }
  return FALSE;
}

/* -- Lines in passing ---------------------------------------------------------------------------------------- */

/* Whether a row that has a line feed ends with the first one, without anything else to be known. */
static gboolean
has_plain_lines (SktRowScanner *self)
{
  SktEncoding encoding = skt_layout_get_encoding (self->layout);

  return skt_layout_get_view (self->layout) == SKT_VIEW_TEXT && !is_by_frames (self) &&
         skt_layout_get_pattern (self->layout) == NULL && encoding != SKT_ENCODING_UTF_16LE &&
         encoding != SKT_ENCODING_UTF_16BE;
}

guint
skt_row_scanner_skip_lines (SktRowScanner *self, guint max_rows, gsize max_bytes)
{
  guint n = 0;
  gsize passed = 0;

  if (!self->in_record || !skt_record_is_data (&self->record) || self->state.carry.length > 0 ||
      !has_plain_lines (self))
    return 0;
  while (n < max_rows && passed < max_bytes)
    {
      gsize length, before = passed;
      const guint8 *bytes = peek (self, &self->record, self->position.begin, SKT_TEXT_ROW_BYTES, &length);
      const guint8 *p = bytes, *end = bytes + length, *found;

      /* The last row of a record is one for next(). */
      if (length > 0 && self->position.begin + length == self->record.length)
        end--;
      while (n < max_rows && passed < max_bytes &&
             (found = memchr (p, '\n', MIN (SKT_TEXT_ROW_BYTES, end - p))) != NULL)
        {
          passed += found + 1 - p;
          p = found + 1;
          n++;
        }
      self->position.begin += p - bytes;
      if (passed == before)
        break;
    }
  if (n > 0)
    {
      self->last_record = self->position.record;
      forget_next_pieces (self);
    }
  return n;
}

/* -- Anywhere ------------------------------------------------------------------------------------------------ */

/* Where the row of hex begins that has the record's first byte: at a multiple of its length in the stream, or where the stream was
 * interrupted before. */
static gboolean
is_row_start_in_hex (SktRowScanner *self, const SktRecord *record, guint32 *ret_begin)
{
  guint rest = (record->stream_offset + record->length) % skt_layout_get_bytes_per_row (self->layout);

  if (rest > record->length)
    return FALSE;
  *ret_begin = record->length - rest;
  return TRUE;
}

/* The last line feed among the last bytes of the record. */
static gboolean
find_line_end (SktRowScanner *self, const SktRecord *record, guint32 *ret_begin)
{
  guint8 buffer[GUESS_BYTES];
  gsize length = MIN (record->length, sizeof buffer);
  SktEncoding encoding = skt_layout_get_encoding (self->layout);
  const guint8 *found;

  if (encoding == SKT_ENCODING_UTF_16LE || encoding == SKT_ENCODING_UTF_16BE)
    return FALSE;
  length = skt_journal_read_payload (self->journal, record->offset + record->length - length, buffer, length);
  found = memrchr (buffer, '\n', length);
  if (found == NULL)
    return FALSE;
  *ret_begin = record->length - length + (found + 1 - buffer);
  return TRUE;
}

/* A row of a stream that begins at or before the record: looks back for where a row surely begins. */
static SktPosition
guess_row_start (SktRowScanner *self, guint64 index)
{
  gboolean is_hex = !skt_layout_has_text (self->layout);
  SktPosition start = { index, 0 };
  SktRecord record, earlier;
  gsize seen = 0;
  guint32 begin;

  if (!skt_journal_reader_get_record (self->reader, index, &record) || !skt_record_is_data (&record))
    return start;
  if (is_hex && record.stream_offset % skt_layout_get_bytes_per_row (self->layout) == 0)
    return start;
  for (guint64 i = index; i > 0 && index - i < GUESS_RECORDS && seen < GUESS_STREAM_BYTES; i--)
    {
      if (!skt_journal_reader_get_record (self->reader, i - 1, &earlier) || !skt_layout_shows (self->layout, &earlier))
        continue;
      if (!skt_record_is_data (&earlier) || skt_stream_key (&earlier) != skt_stream_key (&record))
        return start;
      if (is_hex ? is_row_start_in_hex (self, &earlier, &begin) : find_line_end (self, &earlier, &begin))
        return begin < earlier.length ? (SktPosition){ i - 1, begin } : start;
      start.record = i - 1;
      seen += earlier.length;
    }
  return is_hex ? start : (SktPosition){ index, 0 };
}

void
skt_row_scanner_seek_guess (SktRowScanner *self, guint64 record)
{
  SktPosition start = { record, 0 };

  if (skt_layout_get_mode (self->layout) == SKT_MODE_STREAM)
    start = guess_row_start (self, record);
  skt_row_scanner_seek (self, start, G_MAXUINT64);
  if (skt_layout_has_text (self->layout) || is_by_frames (self))
    self->guessed = g_hash_table_new (NULL, NULL);
}
