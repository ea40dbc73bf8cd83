/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-life.h"

#include "skt-record-text.h"
#include "skt-time-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NS_PER_S G_GINT64_CONSTANT (1000000000)

char *
skt_life_duration_to_text (gint64 duration_ns)
{
  gint64 ns = MAX (duration_ns, 0);
  gint64 seconds = ns / NS_PER_S;

  if (ns < 1000000)
    /* Translators: microseconds */
    return g_strdup_printf (_("%d µs"), (int) (ns / 1000));
  if (seconds < 1)
    /* Translators: milliseconds */
    return g_strdup_printf (_("%.3g ms"), MIN (ns, 999 * 1000 * 1000) / 1e6);
  if (seconds < 60)
    /* Translators: seconds */
    return g_strdup_printf (_("%.3f s"), (double) ns / NS_PER_S);
  if (seconds < 3600)
    /* Translators: minutes and seconds */
    return g_strdup_printf (_("%d min %d s"), (int) (seconds / 60), (int) (seconds % 60));
  /* Translators: hours and minutes */
  return g_strdup_printf (_("%d h %d min"), (int) (seconds / 3600), (int) (seconds / 60 % 60));
}

/* As a line of a report: nothing in it may begin a new line or hide. */
static char *
dup_clean (const char *tainted)
{
  SktRecord note = { .kind = SKT_RECORD_NOTE };

  return tainted != NULL ? skt_record_to_text (&note, tainted, -1) : g_strdup ("?");
}

static char *
lookup_to_text (const SktLifeStep *step, const char *detail)
{
  g_autofree char *duration = skt_life_duration_to_text (step->duration_ns);
  g_autofree char *reason = skt_reason_to_text (step->reason, step->code);

  if (step->duration_ns < 0)
    return g_strdup_printf (_("The name “%s” is being looked up."), detail);
  if (step->reason == SKT_REASON_NONE)
    /* Translators: a host name, then a duration */
    return g_strdup_printf (_("The name “%s” was looked up; that took %s."), detail, duration);
  /* Translators: a host name, a duration, the reason as a clause */
  return g_strdup_printf (_("The name “%s” was looked up in vain for %s: %s."), detail, duration, reason);
}

static char *
attempt_to_text (const SktLifeStep *step, const char *detail)
{
  g_autofree char *duration = skt_life_duration_to_text (step->duration_ns);
  g_autofree char *reason = skt_reason_to_text (step->reason, step->code);

  if (step->duration_ns < 0)
    return g_strdup_printf (_("SYN is sent to %s; its answer is awaited."), detail);
  if (step->reason == SKT_REASON_NONE)
    /* Translators: an address, then a duration */
    return g_strdup_printf (_("SYN was sent to %s; SYN and ACK came back after %s."), detail, duration);
  /* Translators: an address, a duration, the reason as a clause */
  return g_strdup_printf (_("Tried to connect to %s in vain for %s: %s."), detail, duration, reason);
}

static char *
opened_to_text (const char *detail)
{
  const char *space = strchr (detail, ' ');
  g_autofree char *local = space != NULL ? g_strndup (detail, space - detail) : NULL;

  if (space == NULL)
    return g_strdup (_("The connection was established."));
  /* Translators: local address → remote address */
  return g_strdup_printf (_("The connection was established: %s → %s."), local, space + 1);
}

static char *
bytes_to_text (const SktLifeStep *step)
{
  guint n = (guint) step->n_bytes;

  if (step->kind == SKT_LIFE_FIRST_RECEIVED)
    return n == 1 ? g_strdup (_("The first byte was received."))
                  : g_strdup_printf (ngettext ("The first %u byte was received in one read.", "The first %u bytes were received in one read.", n), n);
  return n == 1 ? g_strdup (_("The first byte was sent."))
                : g_strdup_printf (ngettext ("The first %u byte was sent in one write.", "The first %u bytes were sent in one write.", n), n);
}

static char *
closed_to_text (const SktLifeStep *step)
{
  const SktRecord end = { .kind = SKT_RECORD_CLOSED, .reason = step->reason, .stream_offset = step->n_bytes,
                          .unacknowledged = step->unacknowledged, .flags = step->flags };
  g_autofree char *clause = skt_reason_to_text (step->reason, step->code);

  skt_end_add_details (&clause, &end);
  /* Translators: how it ended as a clause, or several with “;” between them */
  return g_strdup_printf (_("For the program the connection is over: %s."), clause);
}

char *
skt_life_step_to_text (const SktLifeStep *step)
{
  g_autofree char *detail = NULL;
  g_autofree char *reason = NULL;

  g_return_val_if_fail (step != NULL, NULL);

  detail = dup_clean (step->detail);
  switch (step->kind)
    {
    case SKT_LIFE_LISTEN:
      return g_strdup_printf (_("This side listened on %s."), detail);
    case SKT_LIFE_LOOKUP:
      return lookup_to_text (step, detail);
    case SKT_LIFE_ATTEMPT:
      return attempt_to_text (step, detail);
    case SKT_LIFE_OPENED:
      return opened_to_text (detail);
    case SKT_LIFE_FIRST_RECEIVED:
    case SKT_LIFE_FIRST_SENT:
      return bytes_to_text (step);
    case SKT_LIFE_PEER_FINISHED:
      return g_strdup (_("The peer has finished sending (FIN)."));
    case SKT_LIFE_FINISHED:
      return g_strdup (_("This side has finished sending (FIN)."));
    case SKT_LIFE_CLOSED:
      return closed_to_text (step);
    case SKT_LIFE_FAILED:
    default:
      reason = skt_reason_to_text (step->reason, step->code);
      /* Translators: the reason as a clause */
      return g_strdup_printf (_("Failed: %s."), reason);
    }
}

char *
skt_life_to_text (SktLife *self)
{
  GPtrArray *steps;
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  steps = skt_life_get_steps (self);
  for (guint i = 0; i < steps->len; i++)
    {
      const SktLifeStep *step = steps->pdata[i];
      g_autofree char *time = skt_time_to_text (step->time_ns);
      g_autofree char *sentence = skt_life_step_to_text (step);
      g_autofree char *duration = step->duration_ns >= 0 ? skt_life_duration_to_text (step->duration_ns) : NULL;
      char since[32];

      skt_time_format_difference (step->since_start_ns, since, sizeof since);
      g_string_append_printf (text, "%s  %12s  %-12s  %s", time, since, skt_tcp_state_get_name (step->state), sentence);
      if (duration != NULL)
        g_string_append_printf (text, " [%s]", duration);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
