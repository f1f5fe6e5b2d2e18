package dev.millrace.model.ranker;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** What every user had. */
final class UserPasts {

  private final RankerConfig config;
  private UserPast[] users = new UserPast[256];
  private int count;

  UserPasts(RankerConfig config) {
    this.config = config;
  }

  /** The user's past, or null. */
  UserPast pastOrNull(int user) {
    return user < count ? users[user] : null;
  }

  /** The user's past, begun if there is none. */
  UserPast past(int user) {
    if (user >= users.length) {
      users = Arrays.copyOf(users, Math.max(user + 1, 2 * users.length));
    }
    count = Math.max(count, user + 1);
    if (users[user] == null) {
      users[user] = new UserPast(config.historyBaskets());
    }
    return users[user];
  }

  void scaleDecayed(float factor) {
    for (int user = 0; user < count; user++) {
      if (users[user] != null) {
        users[user].scaleDecayed(factor);
      }
    }
  }

  int users() {
    return count;
  }

  long bytes() {
    long bytes = 4L * users.length;
    for (int user = 0; user < count; user++) {
      bytes += users[user] == null ? 0 : users[user].bytes();
    }
    return bytes;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(count);
    for (int user = 0; user < count; user++) {
      out.writeBoolean(users[user] != null);
      if (users[user] != null) {
        users[user].writeTo(out);
      }
    }
  }

  void readInPlace(DataInput in) throws IOException {
    count = in.readInt();
    users = new UserPast[Math.max(256, count)];
    for (int user = 0; user < count; user++) {
      if (in.readBoolean()) {
        users[user] = UserPast.readFrom(in, config.historyBaskets());
      }
    }
  }
}
