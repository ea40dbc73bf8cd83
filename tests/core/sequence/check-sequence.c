/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-sequence.h"

GPtrArray *
check_steps_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) skt_step_unref);
}

void
check_steps_add (GPtrArray *steps, const SktStepSettings *settings)
{
  g_autoptr (GError) error = NULL;
  SktStep *step = skt_step_new (settings, NULL, &error);

  g_assert_no_error (error);
  g_ptr_array_add (steps, step);
}

static void
add_message (GPtrArray *steps, const SktMessageSettings *message_settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktMessage) message = skt_message_new (message_settings, NULL, &error);

  g_assert_no_error (error);
  check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_SEND, .message = message });
}

void
check_steps_send (GPtrArray *steps, const char *text)
{
  add_message (steps, &(SktMessageSettings){ .source = text, .has_escapes = TRUE, .has_placeholders = TRUE });
}

void
check_steps_send_hex (GPtrArray *steps, const char *hex)
{
  add_message (steps, &(SktMessageSettings){ .form = SKT_MESSAGE_HEX, .source = hex });
}

void
check_steps_wait (GPtrArray *steps, SktMatchKind match, const char *text, guint timeout_ms)
{
  SktStepSettings settings = {
    .kind = SKT_STEP_WAIT, .match = match, .text = text, .match_case = TRUE, .timeout_ms = timeout_ms
  };

  settings.frame = (SktFrameRule){ .kind = SKT_FRAME_LINE, .line_ending = SKT_LINE_ENDING_CRLF };
  check_steps_add (steps, &settings);
}

void
check_steps_pause (GPtrArray *steps, guint ms)
{
  check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_PAUSE, .pause_ms = ms });
}

void
check_steps_repeat (GPtrArray *steps, guint to, guint count)
{
  check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_REPEAT, .to = to, .count = count });
}

void
check_steps_kind (GPtrArray *steps, SktStepKind kind)
{
  check_steps_add (steps, &(SktStepSettings){ .kind = kind });
}

SktSequence *
check_sequence_new (GPtrArray *steps)
{
  SktSequence *sequence = skt_sequence_new ("test", steps);

  g_ptr_array_unref (steps);
  return sequence;
}
