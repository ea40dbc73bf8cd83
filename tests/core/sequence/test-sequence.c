/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-sequence.h"

#include "skt-error.h"

static void
assert_bad_step (const SktStepSettings *settings, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (skt_step_new (settings, NULL, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_SEQUENCE);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_bad_steps (void)
{
  assert_bad_step (&(SktStepSettings){ .kind = SKT_STEP_SEND }, "There is nothing to send: type a message");
  assert_bad_step (&(SktStepSettings){ .kind = SKT_STEP_PAUSE }, "A pause lasts from 1 ms to a day (86400000 ms)");
  assert_bad_step (&(SktStepSettings){ .kind = SKT_STEP_PAUSE, .pause_ms = SKT_STEP_MAX_MS + 1 },
                   "A pause lasts from 1 ms to a day (86400000 ms)");
  assert_bad_step (&(SktStepSettings){ .kind = SKT_STEP_WAIT, .timeout_ms = SKT_STEP_MAX_MS + 1 },
                   "A wait lasts at most a day (86400000 ms)");
  assert_bad_step (&(SktStepSettings){ .kind = SKT_STEP_REPEAT }, "Steps are counted from 1");
  assert_bad_step (&(SktStepSettings){ .kind = SKT_STEP_REPEAT, .to = 1, .count = 1 },
                   "Steps are repeated 2 times or more, up to 1000000000 times, or (0) until the sequence is stopped");
  assert_bad_step (&(SktStepSettings){ .kind = SKT_STEP_STOP, .by_count = TRUE },
                   "A step is counted from 1 to 1000000000 times");
  assert_bad_step (&(SktStepSettings){ .kind = SKT_N_STEP_KINDS }, "There is no such step");
}

static void
test_bad_match (void)
{
  g_autoptr (GError) error = NULL;
  gsize position;
  SktStepSettings settings = { .kind = SKT_STEP_WAIT, .match = SKT_MATCH_HEX, .text = "de xx" };

  g_assert_null (skt_step_new (&settings, &position, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_HEX);
  g_assert_cmpuint (position, ==, 3);
  g_clear_error (&error);
  settings.match = SKT_MATCH_REGEX;
  settings.text = "a(";
  g_assert_null (skt_step_new (&settings, &position, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_PATTERN);
  g_clear_error (&error);
  settings.match = SKT_MATCH_TEXT;
  settings.text = "";
  g_assert_null (skt_step_new (&settings, &position, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_PATTERN);
  g_clear_error (&error);
  settings.match = SKT_MATCH_FRAME;
  settings.frame.kind = SKT_FRAME_FIXED;
  g_assert_null (skt_step_new (&settings, &position, &error));
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_RULE);
}

/* Takes the steps. message NULL: it is good. */
static void
assert_check (GPtrArray *steps, guint step, const char *message)
{
  g_autoptr (SktSequence) sequence = check_sequence_new (steps);
  g_autoptr (GError) error = NULL;
  guint bad = 99;

  g_assert_cmpint (skt_sequence_check (sequence, &bad, &error), ==, message == NULL);
  g_assert_cmpuint (bad, ==, step);
  if (message == NULL)
    return;
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_SEQUENCE);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_check (void)
{
  GPtrArray *steps = check_steps_new ();

  assert_check (steps, 0, "There are no steps yet");

  steps = check_steps_new ();
  check_steps_repeat (steps, 1, 2);
  assert_check (steps, 1, "Step 1 has nothing before it that could be repeated: move it down");

  steps = check_steps_new ();
  check_steps_send (steps, "a");
  check_steps_repeat (steps, 3, 2);
  check_steps_send (steps, "a");
  assert_check (steps, 2, "Step 2 goes back to step 3, which is not before it: choose a step from 1 to 1");

  steps = check_steps_new ();
  check_steps_pause (steps, 1);
  check_steps_send (steps, "a");
  check_steps_repeat (steps, 2, 0);
  assert_check (steps, 3, "Step 3 repeats without end and without a rest: add a pause or a wait between step 2 and it, or say how often");

  steps = check_steps_new ();
  check_steps_kind (steps, SKT_STEP_CLOSE);
  check_steps_pause (steps, 1);
  assert_check (steps, 1, "Step 1 disconnects, so that nothing can follow: move it to the end, or half-close instead");

  steps = check_steps_new ();
  check_steps_kind (steps, SKT_STEP_FINISH);
  check_steps_send (steps, "a");
  assert_check (steps, 2, "Step 2 sends, but step 1 has finished sending: move it before that");

  steps = check_steps_new ();
  check_steps_send (steps, "a");
  check_steps_wait (steps, SKT_MATCH_ANY, "", 0);
  check_steps_repeat (steps, 1, 0);
  check_steps_repeat (steps, 1, 2);
  check_steps_kind (steps, SKT_STEP_FINISH);
  check_steps_kind (steps, SKT_STEP_WAIT_END);
  check_steps_kind (steps, SKT_STEP_CLOSE);
  assert_check (steps, 0, NULL);
}

/* Five steps, the last of which goes back to `to`. */
static SktSequence *
five (guint to)
{
  GPtrArray *steps = check_steps_new ();

  for (guint i = 0; i < 4; i++)
    check_steps_pause (steps, i + 1);
  check_steps_repeat (steps, to, 2);
  return check_sequence_new (steps);
}

/* “1 2 3 4 r2”: the pauses, and where the repeat goes. */
static void
assert_steps (SktSequence *sequence, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < skt_sequence_get_n_steps (sequence); i++)
    {
      const SktStepSettings *settings = skt_step_get_settings (skt_sequence_get_step (sequence, i));

      if (settings->kind == SKT_STEP_REPEAT)
        g_string_append_printf (text, "r%u ", settings->to);
      else
        g_string_append_printf (text, "%u ", settings->pause_ms);
    }
  g_assert_cmpstr (g_strchomp (text->str), ==, expected);
  skt_sequence_unref (sequence);
}

static void
test_changes (void)
{
  g_autoptr (SktSequence) sequence = five (3);
  g_autoptr (SktStep) step = skt_step_new (&(SktStepSettings){ .kind = SKT_STEP_PAUSE, .pause_ms = 9 }, NULL, NULL);

  assert_steps (skt_sequence_insert (sequence, 0, step), "9 1 2 3 4 r4");
  assert_steps (skt_sequence_insert (sequence, 2, step), "1 2 9 3 4 r4");
  assert_steps (skt_sequence_insert (sequence, 3, step), "1 2 3 9 4 r3");
  assert_steps (skt_sequence_insert (sequence, 5, step), "1 2 3 4 r3 9");
  assert_steps (skt_sequence_replace (sequence, 2, step), "1 2 9 4 r3");
  assert_steps (skt_sequence_remove (sequence, 0), "2 3 4 r2");
  assert_steps (skt_sequence_remove (sequence, 2), "1 2 4 r3");
  assert_steps (skt_sequence_remove (sequence, 3), "1 2 3 r3");
  assert_steps (skt_sequence_move (sequence, 2, 0), "3 1 2 4 r1");
  assert_steps (skt_sequence_move (sequence, 0, 3), "2 3 4 1 r2");
  assert_steps (skt_sequence_move (sequence, 4, 0), "r4 1 2 3 4");
  assert_steps (skt_sequence_move (sequence, 3, 3), "1 2 3 4 r3");
  assert_steps (skt_sequence_ref (sequence), "1 2 3 4 r3");
}

/* Removing the step that is gone back to, at the border. */
static void
test_remove_target (void)
{
  g_autoptr (SktSequence) sequence = five (4);
  g_autoptr (SktSequence) other = skt_sequence_remove (sequence, 3);
  guint step;

  assert_steps (skt_sequence_ref (other), "1 2 3 r4");
  g_assert_false (skt_sequence_check (other, &step, NULL));
  g_assert_cmpuint (step, ==, 4);
}

static void
test_name (void)
{
  g_autofree char *spaces = g_strnfill (300, 'x');
  g_autoptr (SktSequence) sequence = skt_sequence_new ("  two words ", NULL);
  g_autoptr (SktSequence) other = skt_sequence_rename (sequence, spaces);

  g_assert_cmpstr (skt_sequence_get_name (sequence), ==, "two words");
  g_assert_cmpuint (strlen (skt_sequence_get_name (other)), ==, SKT_SEQUENCE_MAX_NAME);
}

static void
assert_words (GPtrArray *steps, const char *expected)
{
  g_autofree char *words = skt_step_to_words (steps->pdata[steps->len - 1]);

  g_assert_cmpstr (words, ==, expected);
}

static void
test_words (void)
{
  g_autoptr (GPtrArray) steps = check_steps_new ();

  check_steps_send (steps, "GET /\nHost: x\n");
  assert_words (steps, "Send “GET /\\nHost: x\\n”");
  check_steps_send_hex (steps, "00 01");
  assert_words (steps, "Send hex 00 01");
  check_steps_wait (steps, SKT_MATCH_TEXT, "OK", 5000);
  assert_words (steps, "Wait for “OK”, at most 5 s");
  check_steps_wait (steps, SKT_MATCH_HEX, "00 ??", 0);
  assert_words (steps, "Wait for hex 00 ??");
  check_steps_wait (steps, SKT_MATCH_FRAME, "", 250);
  assert_words (steps, "Wait for a frame (line crlf), at most 250 ms");
  check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_WAIT, .timeout_ms = 1500, .goes_on = TRUE });
  assert_words (steps, "Wait for any data, at most 1.5 s, then go on");
  check_steps_pause (steps, 1);
  assert_words (steps, "Pause 1 ms");
  check_steps_repeat (steps, 1, 0);
  assert_words (steps, "Repeat from step 1 until stopped");
  check_steps_repeat (steps, 2, 10);
  assert_words (steps, "Repeat from step 2, 10 times in all");
  check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_STOP, .by_count = TRUE, .count = 3, .is_failure = TRUE });
  assert_words (steps, "Fail when this was reached 3 times");
  check_steps_add (steps, &(SktStepSettings){ .kind = SKT_STEP_STOP, .match = SKT_MATCH_REGEX, .text = "^ERR" });
  assert_words (steps, "Stop when there is regex ^ERR");
}

static void
test_cut (void)
{
  g_autoptr (GString) text = g_string_new ("> ");
  g_autofree char *long_text = g_strnfill (1000, 'x');
  g_autoptr (GBytes) bytes = g_bytes_new (long_text, 1000);

  skt_sequence_append_bytes (text, bytes, SKT_ENCODING_UTF_8, FALSE);
  g_assert_cmpint (g_utf8_strlen (text->str, -1), ==, 2 + 160 + 1);
  g_assert_true (g_str_has_suffix (text->str, "x…"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/sequence/bad-steps", test_bad_steps);
  g_test_add_func ("/core/sequence/bad-match", test_bad_match);
  g_test_add_func ("/core/sequence/check", test_check);
  g_test_add_func ("/core/sequence/changes", test_changes);
  g_test_add_func ("/core/sequence/remove-target", test_remove_target);
  g_test_add_func ("/core/sequence/name", test_name);
  g_test_add_func ("/core/sequence/words", test_words);
  g_test_add_func ("/core/sequence/cut", test_cut);
  return g_test_run ();
}
