// Where formatted text gathers before it goes out in larger pieces.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <uk/function_ref.hpp>
#include <uk/print/field.hpp>
#include <uk/result.hpp>

namespace uk::printing {

class output {
  public:
    using writer = function_ref<result<void>(std::string_view)>;

    /// `write` gets each piece; it must outlive the output.
    explicit output(writer write) : write_{write} {}
    output(const output&) = delete;
    output& operator=(const output&) = delete;

    void put(std::string_view text);
    /// Text with the field's fill around it up to its width; `normal` is the side it keeps to if the field says nothing.
    void put_padded(const field& how, std::string_view text, char normal = '<');
    /// Sends what is left. Returns the first error that a piece met; later pieces were then not sent.
    result<void> finish();

  private:
    void flush();

    writer write_;
    result<void> state_{};
    std::size_t size_ = 0;
    std::array<char, 256> text_;
};

} // namespace uk::printing
