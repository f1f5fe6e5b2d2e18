package dev.millrace.model.objective;

import dev.millrace.model.kernel.Kernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/** Passes every call on to real kernels and keeps the matrix products, to be done again alone. */
final class ProductRecorder {

  private record Product(Method method, Object[] arguments) {}

  private final Kernels real;
  private final List<Product> products = new ArrayList<>();

  ProductRecorder(Kernels real) {
    this.real = real;
  }

  Kernels kernels() {
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    if (method.getName().startsWith("multiply")) {
      products.add(new Product(method, arguments.clone()));
    }
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Forgets what was recorded. */
  void clear() {
    products.clear();
  }

  int count() {
    return products.size();
  }

  /** Does the recorded products once more. */
  void replay() {
    for (Product product : products) {
      try {
        product.method().invoke(real, product.arguments());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(product.method() + " has run before", e);
      }
    }
  }
}
