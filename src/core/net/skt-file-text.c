/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-file-reader.h"

#include "skt-size.h"
#include "skt-transport.h"

#include <glib/gi18n-lib.h>

static char *
dup_number (guint64 n)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, n);
}

/* "12 bytes", "4 GiB (4294967296 bytes)" */
static char *
dup_size (guint64 size)
{
  g_autofree char *number = dup_number (size), *text = NULL, *rounded = NULL;

  text = g_strdup_printf (ngettext ("%s byte", "%s bytes", size), number);
  if (size < 1024)
    return g_steal_pointer (&text);
  rounded = skt_size_to_text (size);
  /* Translators: the same size twice, “4 GiB” and “4294967296 bytes” */
  return g_strdup_printf (_("%s (%s)"), rounded, text);
}

static char *
dup_seconds (gint64 duration)
{
  gint64 s = duration / G_TIME_SPAN_SECOND;

  if (s < 60)
    /* Translators: seconds */
    return g_strdup_printf (_("%.1f s"), (double) duration / G_TIME_SPAN_SECOND);
  if (s < 3600)
    /* Translators: minutes and seconds */
    return g_strdup_printf (_("%d min %02d s"), (int) (s / 60), (int) (s % 60));
  /* Translators: hours and minutes */
  return g_strdup_printf (_("%d h %02d min"), (int) (s / 3600), (int) (s / 60 % 60));
}

static guint
count_whole (SktFileReader *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n_feeds; i++)
    if (self->feeds[i].end == SKT_FILE_END_SENT)
      n++;
  return n;
}

static guint64
count_sent (SktFileReader *self)
{
  guint64 sent = 0;

  for (guint i = 0; i < self->n_feeds; i++)
    sent += self->feeds[i].share.written;
  return sent;
}

SktFileState
_skt_file_reader_get_outcome (SktFileReader *self)
{
  if (self->problem != NULL)
    return SKT_FILE_FAILED;
  if (self->n_feeds > 0 && count_whole (self) == self->n_feeds)
    return SKT_FILE_SENT;
  return self->is_cancelled ? SKT_FILE_CANCELLED : SKT_FILE_PARTLY_SENT;
}

/* What of a receiver is not whole. */
char *
_skt_file_feed_dup_text (const SktFileFeed *self, const char *address, guint64 size)
{
  g_autofree char *sent = dup_number (self->share.written), *all = dup_number (size);
  const char *name = address != NULL ? address : "?";

  switch (self->end)
    {
    case SKT_FILE_END_SENT:
      /* Translators: the address of who got a file whole */
      return g_strdup_printf (_("%s: all of it"), name);
    case SKT_FILE_END_GONE:
      /* Translators: address, number of bytes, number of bytes */
      return g_strdup_printf (_("%s: %s of %s bytes, then the connection was closed"), name, sent, all);
    case SKT_FILE_END_DISCARDED:
      return g_strdup_printf (_("%s: %s of %s bytes, then what waited was discarded"), name, sent, all);
    case SKT_FILE_END_STOPPED:
      return g_strdup_printf (_("%s: %s of %s bytes, then it was stopped"), name, sent, all);
    case SKT_FILE_END_NONE:
    default:
      return g_strdup_printf (_("%s: %s of %s bytes"), name, sent, all);
    }
}

static const char *
get_address (const SktFileFeed *feed)
{
  return feed->transport->published.remote_address;
}

static void
append_missing (SktFileReader *self, GString *text)
{
  guint n_told = 0;

  for (guint i = 0; i < self->n_feeds && n_told < 3; i++)
    if (self->feeds[i].end != SKT_FILE_END_SENT)
      {
        g_autofree char *one = _skt_file_feed_dup_text (&self->feeds[i], get_address (&self->feeds[i]), self->size);

        g_string_append_printf (text, " %s.", one);
        n_told++;
      }
}

static void
append_remarks (SktFileReader *self, GString *text)
{
  guint64 n_between = 0;

  for (guint i = 0; i < self->n_feeds; i++)
    n_between += self->feeds[i].n_between;
  if (self->has_changed)
    g_string_append_printf (text, " %s", _("It was changed while it was sent."));
  if (n_between > 0)
    {
      g_autofree char *number = dup_number (n_between);

      g_string_append_c (text, ' ');
      g_string_append_printf (text,
                              ngettext ("%s byte of other messages was sent in between.",
                                        "%s bytes of other messages were sent in between.", n_between),
                              number);
    }
}

static char *
dup_headline (SktFileReader *self, const char *name)
{
  g_autofree char *size = dup_size (self->size), *sent = NULL, *seconds = NULL;
  guint n_whole = count_whole (self);

  if (self->problem != NULL)
    {
      sent = dup_size (count_sent (self));
      /* Translators: the first %s is a sentence that says why a file can't be sent, the second a size */
      return count_sent (self) == 0 ? g_strdup (self->problem)
                                    : g_strdup_printf (_("%s Until then %s were sent."), self->problem, sent);
    }
  seconds = dup_seconds (self->ended - self->started);
  if (n_whole == self->n_feeds && self->n_feeds > 0)
    /* Translators: a file's name, its size, how many connections, how long */
    return g_strdup_printf (ngettext ("Sent “%s”, %s, to %u connection in %s.", "Sent “%s”, %s, to %u connections in %s.", n_whole),
                            name, size, n_whole, seconds);
  if (self->is_cancelled)
    /* Translators: a file's name and its size */
    return g_strdup_printf (_("Sending “%s”, %s, was cancelled."), name, size);
  /* Translators: a file's name, its size, how many got it, how many should have got it */
  return g_strdup_printf (_("“%s”, %s, was sent whole to %u of %u connections."), name, size, n_whole, self->n_feeds);
}

char *
_skt_file_reader_dup_report (SktFileReader *self)
{
  g_autofree char *name = g_filename_display_basename (self->path);
  GString *text = g_string_new (NULL);
  g_autofree char *headline = NULL;

  g_mutex_lock (&self->session->lock);
  headline = dup_headline (self, name);
  g_string_append (text, headline);
  if (self->size > 0)
    append_missing (self, text);
  append_remarks (self, text);
  if (self->sha256 != NULL)
    g_string_append_printf (text, " SHA-256 %s", self->sha256);
  g_mutex_unlock (&self->session->lock);
  return g_string_free (text, FALSE);
}
