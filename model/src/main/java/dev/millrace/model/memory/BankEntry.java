package dev.millrace.model.memory;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Objects;

/**
 * What a {@link MemoryBank} knows of a vector.
 *
 * @param item id of the item; {@link #NONE} if there is none
 * @param user id of the user; {@link #NONE} if there is none
 * @param label class or cluster, any number where there is none
 * @param step learner's step at which the vector was enqueued: its age counts from here
 * @param version version of the model that computed the vector
 */
public record BankEntry(String item, String user, int label, long step, long version) {

  /** No id: the same as nothing, not even as another of its kind. */
  public static final String NONE = "";

  public BankEntry {
    Objects.requireNonNull(item, "item; say NONE for an entry without");
    Objects.requireNonNull(user, "user; say NONE for an entry without");
  }

  void writeTo(DataOutput out) throws IOException {
    writeId(out, item);
    writeId(out, user);
    out.writeInt(label);
    out.writeLong(step);
    out.writeLong(version);
  }

  static BankEntry readFrom(DataInput in) throws IOException {
    return new BankEntry(readId(in), readId(in), in.readInt(), in.readLong(), in.readLong());
  }

  static void writeId(DataOutput out, String id) throws IOException {
    byte[] bytes = IdBytes.of(id);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String readId(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return IdBytes.text(bytes);
  }
}
