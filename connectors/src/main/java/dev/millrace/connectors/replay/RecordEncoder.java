package dev.millrace.connectors.replay;

import dev.millrace.model.data.Interaction;
import java.nio.charset.StandardCharsets;

/** An interaction as the bytes of a Kafka record. Equal interactions must give equal bytes. */
@FunctionalInterface
public interface RecordEncoder {

  /** The record's value. */
  byte[] value(Interaction interaction);

  /** The record's key: the user id in UTF-8, so that a user's events stay in order. */
  default byte[] key(Interaction interaction) {
    return interaction.user().getBytes(StandardCharsets.UTF_8);
  }
}
