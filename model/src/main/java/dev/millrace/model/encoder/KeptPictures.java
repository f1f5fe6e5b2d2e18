package dev.millrace.model.encoder;

import dev.millrace.model.kernel.CanonicalState;
import dev.millrace.model.kernel.SeededRandom;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A bounded sample of the pictures of a stream, each with the same chance to be in it: all of them
 * until it is full. {@code capacity} times the bytes of a picture.
 *
 * <p>Vitter, Random sampling with a reservoir, ACM TOMS 11, 1985, algorithm R.
 */
final class KeptPictures implements CanonicalState {

  private final int capacity;
  private final int pictureBytes;
  private byte[] pictures = new byte[0];
  private int count;
  private long offered;

  KeptPictures(int capacity, int pictureBytes) {
    this.capacity = capacity;
    this.pictureBytes = pictureBytes;
  }

  int count() {
    return count;
  }

  /** Pictures of the stream so far. */
  long offered() {
    return offered;
  }

  /** The pictures, one after another, maybe with room behind them. */
  byte[] bytes() {
    return pictures;
  }

  /** The next picture of the stream, which begins at byte {@code from}. */
  void offer(byte[] source, int from, SeededRandom random) {
    offered++;
    if (count < capacity) {
      put(count, source, from);
    } else {
      long place = (long) (random.nextDouble() * offered);
      if (place < capacity) {
        put((int) place, source, from);
      }
    }
  }

  private void put(int place, byte[] source, int from) {
    if (place == count) {
      count++;
      if (pictures.length < count * pictureBytes) {
        int room = Math.min(capacity, count + count / 2 + 16);
        pictures = Arrays.copyOf(pictures, Math.multiplyExact(room, pictureBytes));
      }
    }
    System.arraycopy(source, from, pictures, place * pictureBytes, pictureBytes);
  }

  /** Becomes a sample of both streams; the other one stays as it is. */
  void mergeInPlace(KeptPictures other, SeededRandom random) {
    int[] own = numbers(count);
    int[] others = numbers(other.count);
    random.shuffle(own);
    random.shuffle(others);
    KeptPictures merged = new KeptPictures(capacity, pictureBytes);
    boolean all = offered + other.offered <= capacity;
    double ownLeft = offered;
    double othersLeft = other.offered;
    int fromOwn = 0;
    int fromOthers = 0;
    int wanted = Math.min(capacity, count + other.count);
    while (merged.count < wanted) {
      boolean takeOwn =
          all
              ? fromOwn < count
              : fromOthers == other.count
                  || (fromOwn < count && random.nextDouble() * (ownLeft + othersLeft) < ownLeft);
      if (takeOwn) {
        int picture = all ? fromOwn : own[fromOwn];
        merged.put(merged.count, pictures, picture * pictureBytes);
        fromOwn++;
        ownLeft--;
      } else {
        int picture = all ? fromOthers : others[fromOthers];
        merged.put(merged.count, other.pictures, picture * pictureBytes);
        fromOthers++;
        othersLeft--;
      }
    }
    offered += other.offered;
    pictures = merged.pictures;
    count = merged.count;
  }

  private static int[] numbers(int count) {
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = i;
    }
    return numbers;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeLong(offered);
    out.writeInt(count);
    out.write(pictures, 0, count * pictureBytes);
  }

  void readInPlace(DataInput in) throws IOException {
    offered = in.readLong();
    count = in.readInt();
    if (count < 0 || count > capacity) {
      throw new IOException(
          "the state keeps " + count + " pictures where this configuration keeps " + capacity);
    }
    pictures = new byte[count * pictureBytes];
    in.readFully(pictures);
  }
}
